import { canonicalJson } from './canonical-json.ts';
import { sealEnvelope } from './envelope.ts';
import type { SigningKey } from './keys.ts';
import { purlOf } from './purl.ts';
import type { SignedVerdict } from './signed-verdict.ts';

/**
 * A verdict for admission controllers that only know SLSA's predicate: a Verification Summary Attestation (slsa.dev, VSA v1),
 * signed anew. It states no SLSA level and has no findings. `verifier` is a URI.
 */
export function summaryAttestation(
  { asked, verdict }: Pick<SignedVerdict, 'asked' | 'verdict'>,
  { verifier, key }: { readonly verifier: string; readonly key: SigningKey },
): string {
  const { name, version } = asked.expected ?? {};
  const digest = { sha512: asked.sha512 };
  const resourceUri =
    name !== undefined && version !== undefined
      ? purlOf(asked.format, name, version)
      : `urn:sha512:${asked.sha512}`;
  const statement = {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: resourceUri, digest }],
    predicateType: 'https://slsa.dev/verification_summary/v1',
    predicate: {
      verifier: { id: verifier },
      resourceUri,
      policy: {
        uri: `pkg:npm/%40tarwarden/core?ruleset=${encodeURIComponent(asked.ruleset)}`,
        digest: { sha256: asked.policy },
      },
      verificationResult: verdict.status === 'accept' ? 'PASSED' : 'FAILED',
      verifiedLevels: [],
    },
  };
  return sealEnvelope(canonicalJson(statement), key);
}
