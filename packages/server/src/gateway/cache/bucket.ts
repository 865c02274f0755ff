/* The bucket of S3 that the address of a cache names. */
import { isLoopbackName } from '../../serving/client-name.ts';
import { CacheAddressError } from './cache-store.ts';

/** A bucket, and the credentials for it. */
export interface Bucket {
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/**
 * The bucket that an address names: `s3+https://HOST/BUCKET`.
 * @throws CacheAddressError
 */
export function bucketAt(
  address: string,
  env: Readonly<Record<string, string | undefined>>,
): Bucket {
  const url = new URL(address.slice('s3+'.length));
  if (url.protocol === 'http:' && !isLoopbackName(url.hostname))
    throw new CacheAddressError(
      `${withoutCredentials(address)} is asked without TLS, which is for this machine alone`,
    );
  const bucket = url.pathname.replaceAll(/^\/|\/$/g, '');
  const accessKeyId = env['AWS_ACCESS_KEY_ID'];
  const secretAccessKey = env['AWS_SECRET_ACCESS_KEY'];
  if (bucket === '' || bucket.includes('/'))
    throw new CacheAddressError(
      `${withoutCredentials(address)} names no bucket: s3+https://HOST/BUCKET`,
    );
  if (accessKeyId === undefined || secretAccessKey === undefined)
    throw new CacheAddressError(
      'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY have to be set for S3',
    );
  const region = env['AWS_REGION'] ?? 'us-east-1';
  return { endpoint: url.origin, bucket, region, accessKeyId, secretAccessKey };
}

export function withoutCredentials(address: string): string {
  return address.replace(/\/\/[^/@]*@/, '//');
}
