/*
 * The reports of a run that a user can request beside the refusals: a file with one line of JSON for each archive, a line at the end,
 * GitHub's job summary, annotations. If none is requested, it only reads variables.
 */
import type { Verdict } from '@tarwarden/core';
import type { Refused } from '../refusal/refused.ts';
import type { Subject } from '../refusal/subject.ts';
import type { Environment } from '../known/cache-directory.ts';
import { recordOfRefusal, recordOfVerdict, type ArchiveRecord, type Mode } from './record.ts';
import { annotate, keepForAnnotations } from './annotations.ts';
import { appendOrWarn, endRun, escapedLine, show, writeReport } from './end.ts';
import { countedOf, Tally } from './tally.ts';
import { isReportWanted, isSet, RUN_VARIABLES } from './variables.ts';
import { REPORT_ONLY_BEGIN } from './words.ts';

const reports = new WeakMap<Environment, RunReport>();

/** The report of this process, shared by all inspectors of one client. */
export function runReportOf(env: Environment): RunReport {
  let report = reports.get(env);
  if (report === undefined) reports.set(env, (report = new RunReport(env)));
  return report;
}

export class RunReport {
  readonly #env: Environment;
  readonly #tally = new Tally();
  readonly #recordKeys = new Set<string>();
  readonly #shownLines = new Set<string>();
  #isWanted: boolean;
  #isLoud = false;

  constructor(env: Environment) {
    this.#env = env;
    this.#isWanted = isReportWanted(env);
    if (this.#isWanted) this.#endAtExit();
  }

  /** Announces that rejected archives are installed, now and at the end, which is missing if the process is killed. */
  reportOnly(): void {
    if (this.#isLoud) return;
    this.#isLoud = true;
    if (!this.#isWanted) this.#endAtExit();
    this.#isWanted = true;
    if (!isSet(this.#env, RUN_VARIABLES.counts)) show(REPORT_ONLY_BEGIN);
  }

  /** Adds a verdict. Returns whether it is new. */
  verdict(
    verdict: Verdict,
    context: { readonly subject: Subject; readonly remembered: boolean; readonly mode: Mode },
  ): boolean {
    return this.#isWanted && this.#add(recordOfVerdict(verdict, context));
  }

  /** Adds a refusal without a verdict that rejects. */
  refusal(refused: Refused, mode: Mode, subject?: Subject): void {
    if (this.#isWanted) this.#add(recordOfRefusal(refused, mode, subject));
  }

  /** Shows exceptions that let an archive pass, each once in a run, even if the user requested no report. */
  exceptions(lines: readonly string[]): void {
    for (const line of lines) {
      if (this.#shownLines.has(line)) continue;
      this.#shownLines.add(line);
      show(line);
    }
  }

  #add(record: ArchiveRecord): boolean {
    const { package: name, status, format, sha512, reason } = record;
    // bun's guard learns later what the lockfile says about an archive.
    const rules = record.findings.map(({ rule }) => rule);
    const key = JSON.stringify([name, status, format, sha512, reason, rules]);
    if (this.#recordKeys.has(key)) return false;
    this.#recordKeys.add(key);
    const counted = countedOf(record);
    this.#tally.add(counted);
    writeReport(this.#env, { type: 'archive', ...record });
    const counts = this.#env[RUN_VARIABLES.counts];
    if (isSet(this.#env, RUN_VARIABLES.counts)) appendOrWarn(counts!, escapedLine(counted));
    return true;
  }

  #endAtExit(): void {
    if (!isSet(this.#env, RUN_VARIABLES.counts)) keepForAnnotations(this.#tally);
    process.once('exit', () => {
      // If the variable is set, the wrapper reports the end of the whole run.
      if (isSet(this.#env, RUN_VARIABLES.counts)) return;
      endRun(this.#env, this.#tally, this.#isLoud);
      annotate(this.#env);
    });
  }
}
