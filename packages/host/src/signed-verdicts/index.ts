/** Signed verdicts: in-toto statements in DSSE envelopes, and the keys that sign them. Reads no disk and no network. */
export { addressOf, isAddress, type VerdictQuestion } from './asked.ts';
export { canonicalJson } from './canonical-json.ts';
export {
  ENVELOPE_BYTES_MAX,
  isEnvelope,
  openEnvelope,
  type OpenedEnvelope,
  type PayloadKind,
  plainEnvelope,
  sealEnvelope,
} from './envelope.ts';
export {
  isUsable,
  type KeyUse,
  keyPair,
  type KeyPair,
  readPinnedKeys,
  type PinnedKey,
  type PinnedKeyText,
  readSigningKey,
  type SigningKey,
} from './keys.ts';
export {
  PREDICATE_TYPE,
  signVerdict,
  verdictAmong,
  verdictFrom,
  type SignedVerdict,
  type TrustedKeys,
} from './signed-verdict.ts';
export { purlOf } from './purl.ts';
export { summaryAttestation } from './summary-attestation.ts';
