import { tmpdir } from 'node:os';
import { relative } from 'node:path';
import { nothingInspected, failInsteadOfSuccess, Refusals } from '@tarwarden/guard/kit';
import { type Configuration, MessageName, ReportError } from '@yarnpkg/core';
import { npath } from '@yarnpkg/fslib';
import { Guard, type Core } from './guard.ts';
import { readYarnSettings } from './settings.ts';
import { type YarnSubject, YarnWords } from './subject.ts';
import { YARN_STATUS } from '@tarwarden/guard/run';
import type { Refused } from '@tarwarden/guard';

/** A guard, or why there is none. Each refusal needs a new error, because Yarn writes into the errors that it prints. */
type GuardOrProblem = { readonly guard: Guard } | { readonly problem: string };

/** The guards of a process, one for each configuration of Yarn. Also makes refusals that need no guard. */
export class Guards {
  readonly words: YarnWords = new YarnWords();
  readonly #refuser = new Refuser();
  readonly #byConfiguration = new WeakMap<Configuration, Promise<GuardOrProblem>>();
  /** The warnings about policies that were printed. */
  readonly #printedWarnings = new Set<string>();
  #core: Promise<Core> | undefined;

  core(): Promise<Core> {
    return (this.#core ??= import('./core.ts'));
  }

  /** The guard for the policy of a configuration. Rejects if that policy is not valid. */
  async for(configuration: Configuration): Promise<Guard> {
    let promise = this.#byConfiguration.get(configuration);
    if (promise === undefined) {
      promise = this.#make(configuration);
      this.#byConfiguration.set(configuration, promise);
    }
    const result = await promise;
    if ('guard' in result) return result.guard;
    throw this.refusal(nothingInspected(result.problem).block);
  }

  /** The error for a refusal that is not about a package. */
  refusal(text: string): Error {
    return this.#refuser.refusal(text);
  }

  isRefusal(error: unknown): boolean {
    return this.#refuser.has(error);
  }

  /** The error for a package that could not be inspected. */
  async notInspected(subject: YarnSubject, why: string, remedy?: string): Promise<Error> {
    const { notInspected, runReportOf } = await this.core();
    const refused = notInspected(subject, why, remedy === undefined ? {} : { remedy });
    runReportOf(process.env).refusal(refused, 'refuse', subject);
    return this.#refuser.refuse(refused);
  }

  async #make(configuration: Configuration): Promise<GuardOrProblem> {
    const core = await this.core();
    try {
      const { policies, strict } = await readYarnSettings(configuration);
      const folder = npath.fromPortablePath(configuration.projectCwd ?? configuration.startingCwd);
      const fetched = isTemporary(folder, core.realAsFar(tmpdir()));
      const loaded = core.loadPolicy({
        cwd: fetched ? undefined : folder,
        env: process.env,
        settings: fetched ? policies.filter(({ own: isOwn }) => isOwn) : policies,
      });
      for (const warning of loaded.warnings) this.#warn(warning);
      const refuse = (refused: Refused): Error => this.#refuser.refuse(refused);
      return { guard: new Guard(core, loaded, { strict, refuse }) };
    } catch (error) {
      if (!(error instanceof core.TarwardenError)) throw error;
      return { problem: error.message };
    }
  }

  #warn(warning: string): void {
    if (this.#printedWarnings.has(warning)) return;
    this.#printedWarnings.add(warning);
    process.stderr.write(`tarwarden: ${warning}\n`);
  }
}

/**
 * Whether a project is in the temporary folder in which Yarn packs clones and runs `dlx`. Only the user's own policy counts there: a
 * policy in a fetched package must not count.
 */
export function isTemporary(folder: string, temporary: string): boolean {
  return /^xfs-[0-9a-f]+(?:[\\/]|$)/.test(relative(temporary, folder));
}

export class Refuser {
  readonly #refusals = new Refusals<ReportError>({
    status: { env: process.env, channel: YARN_STATUS },
    // `logFilters` can discard the error and with it the exit code. `yarn patch` drops the error as well.
    onFirst: () => process.once('exit', failInsteadOfSuccess),
  });

  /** An error that Yarn prints as its own (`YN0030`), line by line, and that ends the command with exit code 1. */
  refusal(text: string): ReportError {
    const [firstLine = '', ...otherLines] = text.split('\n');
    const error = new ReportError(MessageName.FETCH_FAILED, firstLine, (report) => {
      for (const line of otherLines) report.reportError(MessageName.FETCH_FAILED, line);
    });
    return this.#refusals.add(error);
  }

  /** Whether an error is one of its refusals. */
  has(error: unknown): boolean {
    return this.#refusals.all.some((refusal) => refusal === error);
  }

  refuse({ block }: Refused): ReportError {
    return this.refusal(block);
  }
}
