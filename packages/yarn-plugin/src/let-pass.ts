/*
 * Report mode or an exception can let a rejected tarball pass. Yarn's archive of it shows no trace of what was wrong. So the guard notes
 * such archives, and inspects their tarball again under another policy.
 */
import type { Verdict } from '@tarwarden/core';
import type { VerdictStore } from '@tarwarden/host';

type Core = typeof import('./core.ts');

const CONTEXT = 'yarn-archives-that-were-let-pass';

export class LetPass {
  readonly #open: () => VerdictStore;
  #store: VerdictStore | undefined;
  /** SHA-512 of such tarballs, in hex. */
  readonly #tarballs = new Set<string>();

  constructor({ openVerdictStore, DEFAULT_POLICY }: Core) {
    this.#open = () =>
      openVerdictStore({
        ruleset: CONTEXT,
        policy: DEFAULT_POLICY,
        env: process.env,
        isKept: true,
      });
  }

  /** Notes a tarball that is let pass although it would be rejected. */
  tarball(sha512: string): void {
    this.#tarballs.add(sha512);
  }

  /** An archive that was made of a tarball: noted if that was let pass. Both by their SHA-512, in hex. */
  archive(archive: string, tarball: string): void {
    if (!this.#tarballs.has(tarball)) return;
    const store = this.#kept();
    store.putLink(nameOf(archive), tarball);
    store.flush();
  }

  /** Whether an archive is one of those. */
  has(archive: string): boolean {
    return this.#kept().getLink(nameOf(archive)) !== undefined;
  }

  #kept(): VerdictStore {
    return (this.#store ??= this.#open());
  }
}

function nameOf(archive: string): string {
  return `let-pass:${archive}`;
}

/** Whether a tarball passes by report mode or an exception, that is, under this policy and perhaps no other. */
export function isLetPass({ status, findings, omitted }: Verdict): boolean {
  return (
    status !== 'accept' || omitted > 0 || findings.some(({ excepted }) => excepted !== undefined)
  );
}
