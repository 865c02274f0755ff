/*
 * Report mode or an exception can let a rejected tarball pass, and Yarn's archive shows no trace of the problem. So the guard notes
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

  /** Notes a tarball that passes although the rules reject it. */
  tarball(sha512: string): void {
    this.#tarballs.add(sha512);
  }

  /** Notes an archive if its tarball was noted. Both by their SHA-512, in hex. */
  archive(archive: string, tarball: string): void {
    if (!this.#tarballs.has(tarball)) return;
    const store = this.#kept();
    store.putLink(nameOf(archive), tarball);
    store.flush();
  }

  /** Whether an archive was noted. */
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

/** Whether a tarball passes only because of report mode or an exception, and so perhaps not under another policy. */
export function isLetPass({ status, findings, omitted }: Verdict): boolean {
  return (
    status !== 'accept' || omitted > 0 || findings.some(({ excepted }) => excepted !== undefined)
  );
}
