/* Keeps content in a bucket of S3. A lifecycle rule of the bucket removes old content: S3 does not know when an object was last used. */
import { AwsClient } from 'aws4fetch';
import { dropBody } from '@tarwarden/guard';
import { Agent, type Dispatcher } from 'undici';
import type { Bucket } from './bucket.ts';
import type { CacheStore, NewContent, StoredContent } from './cache-store.ts';

/** The folder of all objects in the bucket. */
const PREFIX = 'tarwarden-cache-1';
const CONNECTIONS = 64;
/** Milliseconds until an answer begins, and between two parts of it. */
const HEAD_WITHIN = 30_000;
const PART_WITHIN = 10_000;

export class S3Store implements CacheStore {
  readonly label: string;
  readonly #bucket: Bucket;
  readonly #signer: AwsClient;
  readonly #connections = new Agent({
    connections: CONNECTIONS,
    headersTimeout: HEAD_WITHIN,
    bodyTimeout: PART_WITHIN,
  });

  constructor(bucket: Bucket, label: string) {
    const { accessKeyId, secretAccessKey, region } = bucket;
    this.label = label;
    this.#bucket = bucket;
    this.#signer = new AwsClient({ accessKeyId, secretAccessKey, region, service: 's3' });
  }

  async get(key: string): Promise<StoredContent | undefined> {
    const { statusCode, headers, body } = await this.#ask('GET', key);
    if (statusCode === 200) return { bytes: Number(headers['content-length']), body };
    dropBody(body);
    if (statusCode === 404) return undefined;
    throw new Error(`the bucket answers ${statusCode} for a question`);
  }

  async put(key: string, content: NewContent): Promise<void> {
    const { statusCode, body } = await this.#ask('PUT', key, content);
    dropBody(body);
    if (statusCode !== 200) throw new Error(`the bucket answers ${statusCode} for new content`);
  }

  async remove(key: string): Promise<void> {
    dropBody((await this.#ask('DELETE', key)).body);
  }

  close(): Promise<void> {
    return this.#connections.destroy();
  }

  async #ask(
    method: 'GET' | 'PUT' | 'DELETE',
    key: string,
    content?: NewContent,
  ): Promise<Dispatcher.ResponseData> {
    const { endpoint, bucket } = this.#bucket;
    const url = `${endpoint}/${bucket}/${PREFIX}/${key.slice(0, 2)}/${key.slice(2)}`;
    const signed = await this.#signer.sign(url, { method });
    const headers = Object.fromEntries(signed.headers);
    return this.#connections.request({
      origin: endpoint,
      path: new URL(url).pathname,
      method,
      headers: content ? { ...headers, 'content-length': String(content.bytes) } : headers,
      body: content?.read() ?? null,
    });
  }
}
