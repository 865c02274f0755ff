import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { DEFAULT_POLICY } from '../../../../packages/core/src/policy/policy.ts';
import { RULESET } from '../../../../packages/core/src/ruleset.ts';
import { importVerdicts } from '../../../../packages/host/src/shared-verdicts/bring-in.ts';
import { openVerdicts } from '../../../../packages/host/src/shared-verdicts/open.ts';
import { trustedVerdicts } from '../../../../packages/host/src/shared-verdicts/settings.ts';
import { PolicyFingerprints } from '../../../../packages/host/src/verdict-store/policy-fingerprint.ts';
import { signVerdict } from '../../../../packages/host/src/signed-verdicts/index.ts';
import { asked, rejection, signer, TODAY, verdictOn } from '../../../support/signed-verdicts.ts';

const policy = { ...DEFAULT_POLICY, today: TODAY };
const ci = signer();

it.each([[[verdictOn(), rejection()]], [[rejection(), verdictOn()]]])(
  'the rejection stays of what was imported (%#)',
  async (verdicts) => {
    const folder = mkdtempSync(join(tmpdir(), 'tarwarden-keep-'));
    try {
      const env = { XDG_CACHE_HOME: folder };
      const keys = { keys: [{ key: ci.text }] };
      const trusted = trustedVerdicts(keys, { env, today: TODAY })!;
      const about = asked();
      const here = { ruleset: RULESET, policy: new PolicyFingerprints(policy).of(about.sha512) };
      // One file after the other, as somebody may hand them on.
      for (const verdict of verdicts) {
        const envelope = signVerdict({ ...about, ...here }, verdict, ci.key);
        // oxlint-disable-next-line no-await-in-loop
        await importVerdicts({ policy, env, trusted }, lines(envelope));
      }
      const { store } = openVerdicts({ policy, env, verdicts: keys });
      const { integrity } = verdictOn().archive;
      expect(store.get({ integrity, expected: about.expected! })).toEqual(rejection());
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);

it('what is stated of accepted archives is forgotten with whoever signed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tarwarden-keep-'));
  try {
    const env = { XDG_CACHE_HOME: folder };
    const other = signer();
    const open = (...signers: readonly { text: string }[]) =>
      openVerdicts({ policy, env, verdicts: { keys: signers.map(({ text: key }) => ({ key })) } })
        .store;
    const note = (store: ReturnType<typeof open>, text: string): void => {
      store.putLink('made', text);
      store.flush();
    };
    note(open(), 'before');
    expect(open(ci).getLink('made')).toBe('before');
    note(open(ci, other), 'believing both');
    expect(open(ci, other).getLink('made')).toBe('believing both');
    expect(open(other).getLink('made')).toBe('before');
    expect(open().getLink('made')).toBe('before');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

// oxlint-disable-next-line require-await -- of what is at hand
async function* lines(...all: string[]): AsyncGenerator<string> {
  yield* all;
}
