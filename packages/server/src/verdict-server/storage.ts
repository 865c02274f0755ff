/* Stores the server's envelopes. Stored data is trusted no more than a client's. */
import { randomBytes } from 'node:crypto';
import { readFile as readByCallback } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { isLoopbackName } from '@tarwarden/host';
import { createStorage, type Driver } from 'unstorage';

/** For as many small files as a lockfile has, this takes half the time of `node:fs/promises`. */
const readFile = promisify(readByCallback);

export interface VerdictStorage {
  /** For people, without credentials. */
  readonly label: string;
  /** The envelopes of an address: first a rejection, then an acceptance. Either may be missing. */
  get(address: string): Promise<readonly string[]>;
  /** Replaces the envelope with the same statement. Acceptances never replace rejections, because servers may write in any order. */
  put(address: string, envelope: string, status: Status): Promise<void>;
  close(): Promise<void>;
}

type Status = 'accept' | 'reject';

/** The text is not the address of a storage. The message is for users. */
export class StorageAddressError extends Error {}

/**
 * Opens a storage: a folder (`/var/lib/tarwarden`, `file:`), `redis://` or `rediss://` (Redis, Valkey), or `s3+https://HOST/BUCKET` with
 * `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_REGION` (`s3+http://` for one of this machine).
 * @throws StorageAddressError
 */
export async function openStorage(
  address: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<VerdictStorage> {
  const { texts, label } = await textsAt(address, env);
  return {
    label,
    async get(address) {
      const places = [placeOf(address, 'reject'), placeOf(address, 'accept')];
      const found = await Promise.all(places.map(async (place) => texts.get(place)));
      return found.filter((text) => text !== undefined);
    },
    put: async (address, envelope, status) => texts.put(placeOf(address, status), envelope),
    close: async () => texts.close(),
  };
}

/** Stores texts under paths with `/` between their parts. */
interface TextStore {
  /** Undefined if there is none. */
  get(place: string): Promise<string | undefined>;
  /** Replaces a text in one step: readers get the old text or the new one. */
  put(place: string, text: string): Promise<void>;
  close(): Promise<void>;
}

interface Opened {
  readonly texts: TextStore;
  readonly label: string;
}

async function textsAt(
  address: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Opened> {
  const scheme = /^([a-z0-9+]{2,}):/i.exec(address)?.[1]?.toLowerCase();
  switch (scheme) {
    case undefined:
    case 'file': {
      const base = scheme === undefined ? address : address.slice('file:'.length);
      return { texts: inFolder(base), label: base };
    }
    case 'redis':
    case 'rediss': {
      const { default: redis } = await import('unstorage/drivers/redis');
      const driver = redis({ url: address, base: 'tarwarden', maxRetriesPerRequest: 1 });
      return { texts: byDriver(driver), label: withoutCredentials(address) };
    }
    case 's3+https':
    case 's3+http':
      return s3(address, env);
    default:
      throw new StorageAddressError(
        `${scheme}: is not a known storage: give a folder, redis://…, rediss://… or s3+https://HOST/BUCKET`,
      );
  }
}

async function s3(
  address: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Opened> {
  const bucket = bucketAt(address, env);
  const { default: driver } = await import('unstorage/drivers/s3');
  return { texts: byDriver(driver(bucket)), label: withoutCredentials(address) };
}

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
 * @throws StorageAddressError
 */
export function bucketAt(
  address: string,
  env: Readonly<Record<string, string | undefined>>,
): Bucket {
  const url = new URL(address.slice('s3+'.length));
  if (url.protocol === 'http:' && !isLoopbackName(url.hostname))
    throw new StorageAddressError(
      `${withoutCredentials(address)} is asked without TLS, which is for this machine alone`,
    );
  const bucket = url.pathname.replaceAll(/^\/|\/$/g, '');
  const accessKeyId = env['AWS_ACCESS_KEY_ID'];
  const secretAccessKey = env['AWS_SECRET_ACCESS_KEY'];
  if (bucket === '' || bucket.includes('/'))
    throw new StorageAddressError(
      `${withoutCredentials(address)} names no bucket: s3+https://HOST/BUCKET`,
    );
  if (accessKeyId === undefined || secretAccessKey === undefined)
    throw new StorageAddressError(
      'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY have to be set for S3',
    );
  const region = env['AWS_REGION'] ?? 'us-east-1';
  return { endpoint: url.origin, bucket, region, accessKeyId, secretAccessKey };
}

/** Stores texts as files of a folder, which is made with the first text. Several processes may write there. */
function inFolder(base: string): TextStore {
  const root = resolve(base);
  return {
    async get(place) {
      try {
        return await readFile(join(root, place), 'utf8');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw error;
      }
    },
    async put(place, text) {
      const path = join(root, place);
      // If two writers shared one temporary file, the end of one text could remain behind the other.
      const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
      await mkdir(dirname(path), { recursive: true });
      try {
        await writeFile(temporary, text, { flag: 'wx' });
        await rename(temporary, path);
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      }
    },
    close: async () => undefined,
  };
}

function byDriver(driver: Driver): TextStore {
  const storage = createStorage<string>({ driver });
  return {
    async get(place) {
      const value: unknown = await storage.getItemRaw(place);
      if (value === null || value === undefined) return undefined;
      return typeof value === 'string' ? value : textOf(value);
    },
    put: async (place, text) => storage.setItemRaw(place, text),
    close: async () => storage.dispose(),
  };
}

/** Spread over 256 folders, because a folder of a million files is slow to list. */
function placeOf(address: string, status: Status): string {
  return `${address.slice(0, 2)}/${address}${status === 'reject' ? '.reject' : ''}`;
}

function textOf(value: unknown): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  if (value instanceof ArrayBuffer) return Buffer.from(value).toString('utf8');
  return JSON.stringify(value);
}

export function withoutCredentials(address: string): string {
  return address.replace(/\/\/[^/@]*@/, '//');
}
