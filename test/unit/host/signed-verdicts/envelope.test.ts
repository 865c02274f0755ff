import { createPublicKey, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  openEnvelope,
  readPinnedKeys,
  readSigningKey,
  sealEnvelope,
} from '../../../../packages/host/src/signed-verdicts/index.ts';
import { signer } from '../../../support/signed-verdicts.ts';

/** The key pair of RFC 8032, section 7.1, test 1. */
const RFC_8032 = {
  seed: '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
  pem: (seed: string): string => {
    const der = Buffer.from(`302e020100300506032b657004220420${seed}`, 'hex').toString('base64');
    return `-----BEGIN PRIVATE KEY-----\n${der}\n-----END PRIVATE KEY-----\n`;
  },
  public: 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
};

interface Parsed {
  payloadType: string;
  payload: string;
  signatures: { keyid: string; sig: string }[];
}

const parsed = (envelope: string): Parsed => JSON.parse(envelope) as Parsed;

describe('sealEnvelope', () => {
  it('signs the pre-authentication encoding of DSSE, lengths in bytes', () => {
    const key = readSigningKey(RFC_8032.pem(RFC_8032.seed));
    const { payloadType, payload, signatures } = parsed(sealEnvelope('{"a":"ü"}', key));
    const signed = Buffer.concat([
      Buffer.from('DSSEv1 28 application/vnd.in-toto+json 10 {"a":"'),
      Buffer.from('ü"}'),
    ]);
    const spki = Buffer.from(`302a300506032b6570032100${RFC_8032.public}`, 'hex');
    const publicKey = createPublicKey({ key: spki, type: 'spki', format: 'der' });
    expect(payloadType).toBe('application/vnd.in-toto+json');
    expect(Buffer.from(payload, 'base64').toString()).toBe('{"a":"ü"}');
    expect(verify(null, signed, publicKey, Buffer.from(signatures[0]!.sig, 'base64'))).toBe(true);
    expect(key.publicText).toBe(spki.toString('base64'));
  });

  it('gives equal bytes for equal payloads', () => {
    const { key } = signer();
    expect(sealEnvelope('{}', key)).toBe(sealEnvelope('{}', key));
  });
});

describe('openEnvelope', () => {
  it('gives the payload back, and who signed it', async () => {
    const { key, pinned } = signer({ name: 'ci' });
    const opened = await openEnvelope(sealEnvelope('{}', key), pinned);
    expect([opened?.payload.toString(), opened?.key.name]).toEqual(['{}', 'ci']);
  });

  it('finds the key among others, whatever the envelope calls it', async () => {
    const one = signer();
    const other = signer();
    const envelope = parsed(sealEnvelope('{}', one.key));
    envelope.signatures[0]!.keyid = other.key.id;
    const keys = [...other.pinned, ...one.pinned];
    expect((await openEnvelope(JSON.stringify(envelope), keys))?.key.id).toBe(one.key.id);
  });

  it.each<[string, (envelope: Parsed) => unknown]>([
    ['another payload', (e) => (e.payload = Buffer.from('{"x":1}').toString('base64'))],
    ['another payload type', (e) => (e.payloadType = 'text/plain')],
    ['no signature', (e) => (e.signatures = [])],
    ['a signature that is cut', (e) => (e.signatures[0]!.sig = e.signatures[0]!.sig.slice(0, 40))],
    [
      'a flipped bit in the signature',
      (e) => (e.signatures[0]!.sig = flipped(e.signatures[0]!.sig)),
    ],
    ['more signatures than are looked at', (e) => (e.signatures = Array(5).fill(e.signatures[0]))],
    ['a signature that is no object', (e) => (e.signatures = [null as never])],
  ])('gives nothing for %s', async (_, change) => {
    const { key, pinned } = signer();
    const envelope = parsed(sealEnvelope('{}', key));
    change(envelope);
    expect(await openEnvelope(JSON.stringify(envelope), pinned)).toBeUndefined();
  });

  it.each(['', 'null', '[]', '{', '1', '{"payloadType":"application/vnd.in-toto+json"}'])(
    'gives nothing for %j',
    async (text) => {
      expect(await openEnvelope(text, signer().pinned)).toBeUndefined();
    },
  );

  it('gives nothing for a key that is not pinned', async () => {
    expect(await openEnvelope(sealEnvelope('{}', signer().key), signer().pinned)).toBeUndefined();
  });
});

describe('keys', () => {
  it('refuses what is not an Ed25519 key', () => {
    expect(() => readSigningKey('hello')).toThrow(/not a private key/);
    expect(() => readPinnedKeys([{ key: 'AAAA' }], 'verdicts')).toThrow(/key 1 is not an Ed25519/);
  });

  it('refuses another spelling of the same key', () => {
    const { text } = signer();
    expect(() => readPinnedKeys([{ key: `${text}\n` }], 'verdicts')).toThrow(/key 1/);
    expect(() => readPinnedKeys([{ key: text.replace('=', '') }], 'verdicts')).toThrow(/key 1/);
  });
});

function flipped(base64: string): string {
  const bytes = Buffer.from(base64, 'base64');
  bytes[10]! ^= 1;
  return bytes.toString('base64');
}
