import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hash,
  type KeyObject,
} from 'node:crypto';

/** A believed signer's key, as a policy file writes it. */
export interface PinnedKeyText {
  /** Public key: SubjectPublicKeyInfo (RFC 8410), DER, base64. 60 characters. */
  readonly key: string;
  /** The owner of the key, for people. */
  readonly name?: string;
  /** Last day on which its signatures count, `YYYY-MM-DD`, UTC. */
  readonly notAfter?: string;
  /** The things that it may sign; default: verdicts alone. */
  readonly use?: readonly KeyUse[];
}

/** The things that a pinned key may sign. A key for verdicts cannot let a rejected archive pass. */
export type KeyUse = 'verdicts' | 'approvals';

export interface PinnedKey {
  /** SHA-256 of the DER, lower-case hex. A hint for people: it decides nothing. */
  readonly id: string;
  readonly key: KeyObject;
  readonly name?: string;
  readonly notAfter?: string;
}

export interface SigningKey {
  readonly id: string;
  readonly key: KeyObject;
  /** The public key, as a policy file writes it. */
  readonly publicText: string;
}

export interface KeyPair {
  /** PKCS #8, PEM: the private key. */
  readonly pem: string;
  readonly publicText: string;
  readonly id: string;
}

/** A new pair of Ed25519 keys. */
export function keyPair(): KeyPair {
  const { privateKey } = generateKeyPairSync('ed25519');
  const { publicText, id } = signing(privateKey);
  return { pem: String(privateKey.export({ type: 'pkcs8', format: 'pem' })), publicText, id };
}

/** @throws Error for what is not an Ed25519 private key in PEM. */
export function readSigningKey(pem: string): SigningKey {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch (cause) {
    throw new Error('is not a private key in PEM without a passphrase', { cause });
  }
  if (key.asymmetricKeyType !== 'ed25519') throw new Error('is not an Ed25519 key');
  return signing(key);
}

function signing(key: KeyObject): SigningKey {
  const der = createPublicKey(key).export({ type: 'spki', format: 'der' });
  return { key, id: hash('sha256', der), publicText: der.toString('base64') };
}

/**
 * The keys of a list that may sign something.
 * @throws Error, with the number of the key in the list, for one that is not an Ed25519 public key.
 */
export function readPinnedKeys(texts: readonly PinnedKeyText[], use: KeyUse): PinnedKey[] {
  const keys = texts.map(({ key: text, use: uses = ['verdicts'], ...more }, index) => {
    const der = Buffer.from(text, 'base64');
    try {
      const key = createPublicKey({ key: der, type: 'spki', format: 'der' });
      // Base64 decoding ignores some characters. Two spellings of one key would be two keys for a reader that compares texts.
      if (key.asymmetricKeyType === 'ed25519' && der.toString('base64') === text)
        return { uses, pinned: { ...more, id: hash('sha256', der), key } };
    } catch {
      // The error is thrown below.
    }
    throw new Error(`key ${index + 1} is not an Ed25519 public key (SubjectPublicKeyInfo, base64)`);
  });
  return keys.flatMap(({ uses, pinned }) => (uses.includes(use) ? [pinned] : []));
}

/** Whether signatures of a key count on a day, `YYYY-MM-DD`, UTC. */
export function isUsable({ notAfter }: Pick<PinnedKey, 'notAfter'>, today: string): boolean {
  return notAfter === undefined || today <= notAfter;
}
