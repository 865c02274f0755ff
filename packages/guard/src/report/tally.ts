import { exceptionLines } from '@tarwarden/core/exceptions-used';
import { rejects } from '@tarwarden/core/finding';
import type { FindingRecord } from '@tarwarden/core/report';
import type { ArchiveRecord, Mode } from './record.ts';

/** The facts of an archive for the counts, and for the list of archives that are not accepted. */
export interface Counted {
  readonly package: string;
  readonly status: ArchiveRecord['status'];
  readonly refused: boolean;
  readonly remembered: boolean;
  readonly mode: Mode;
  /** The rules that reject, or the reason why the archive was not inspected; empty if it is accepted. */
  readonly why: string;
  /** A line for each exception that let the archive pass; absent without one. */
  readonly exceptions?: readonly string[];
  /** Set if the client was about to upload it. */
  readonly upload?: true;
}

/** The number of packages by outcome. A package with several archives, as in Yarn, counts once, by its worst outcome. */
export interface Counts {
  readonly inspected: number;
  readonly remembered: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly refused: number;
  readonly notInspected: number;
  /** Packages that passed only because of an exception. */
  readonly excepted: number;
}

/** Whether a rejected archive was installed. */
export function passedAnyway({ status, refused }: Counted): boolean {
  return status === 'reject' && !refused;
}

const WEIGHT: Readonly<Record<Counted['status'], number>> = { accept: 0, error: 1, reject: 2 };

export class Tally {
  readonly #packages = new Map<string, Counted>();

  add(added: Counted): void {
    const previous = this.#packages.get(added.package);
    if (previous === undefined) this.#packages.set(added.package, added);
    else {
      const worst = WEIGHT[added.status] > WEIGHT[previous.status] ? added : previous;
      const refused = added.refused || previous.refused;
      const mode = [added.mode, previous.mode].includes('report') ? 'report' : 'refuse';
      this.#packages.set(added.package, {
        ...worst,
        refused,
        mode,
        remembered: added.remembered && previous.remembered,
        ...exceptionsOf(previous, added),
      });
    }
  }

  get counts(): Counts {
    const packages = [...this.#packages.values()];
    const count = (isCounted: (item: Counted) => boolean): number =>
      packages.filter(isCounted).length;
    return {
      inspected: packages.length,
      remembered: count((item) => item.remembered),
      accepted: count((item) => item.status === 'accept'),
      rejected: count((item) => item.status === 'reject'),
      refused: count((item) => item.refused),
      notInspected: count((item) => item.status === 'error'),
      excepted: count((item) => item.exceptions !== undefined),
    };
  }

  get bad(): readonly Counted[] {
    return [...this.#packages.values()].filter((item) => item.status !== 'accept');
  }

  /** The lines of all exceptions that let an archive pass. */
  get exceptions(): readonly string[] {
    return [...new Set([...this.#packages.values()].flatMap((item) => item.exceptions ?? []))];
  }

  /** The number of packages that were rejected and installed. */
  get letPass(): number {
    return [...this.#packages.values()].filter(passedAnyway).length;
  }

  get isReportOnly(): boolean {
    return [...this.#packages.values()].some((item) => item.mode === 'report');
  }
}

export function countedOf(record: ArchiveRecord): Counted {
  const { package: name, status, refused, remembered, mode, upload } = record;
  const why = status === 'accept' ? '' : (record.reason ?? rejectingRules(record.findings));
  const exceptions = exceptionLines(record);
  return {
    package: name,
    status,
    refused,
    remembered,
    mode,
    why,
    ...(exceptions.length > 0 && { exceptions }),
    ...(upload === true && { upload }),
  };
}

function exceptionsOf(...items: readonly Counted[]): Pick<Counted, 'exceptions'> {
  const exceptions = [...new Set(items.flatMap((item) => item.exceptions ?? []))];
  return exceptions.length > 0 ? { exceptions } : {};
}

function rejectingRules(findings: readonly FindingRecord[]): string {
  return [...new Set(findings.filter(rejects).map(({ rule }) => rule))].join(', ');
}
