import type { Verdict } from '@tarwarden/core';
import { differences, withoutModes, type FileMap, type Oracle } from './file-map.ts';

/** What the extractors made of an archive that was accepted. */
export interface Agreement {
  /** One line for each way in which they differ; empty where the verdict holds. */
  readonly disagreements: readonly string[];
  /** Extractors that refuse it although it was accepted with a warning, which is allowed: nothing is unpacked. */
  readonly refusals: number;
}

/** Reads an accepted archive with every oracle and compares all of them with the first that does not refuse. */
export async function agree(
  tgz: Buffer,
  verdict: Verdict,
  oracles: readonly Oracle[],
): Promise<Agreement> {
  const clean = verdict.findings.every(({ level }) => level === 'note');
  const disagreements: string[] = [];
  let refusals = 0;
  // Who may run a file is then what the warning says they disagree on.
  const blind = verdict.findings.some(({ rule }) => rule === 'executable-without-owner');
  let first: { name: string; map: FileMap } | undefined;
  for (const { name, read } of oracles) {
    let map: FileMap;
    try {
      map = blind ? withoutModes(await read(tgz)) : await read(tgz);
    } catch (error) {
      if (clean && !isKnown(name, error))
        disagreements.push(`${name} refuses it: ${String(error)}`);
      else refusals++;
      continue;
    }
    first ??= { name, map };
    disagreements.push(
      ...differences(first.map, map).map((line) => `${first?.name} and ${name}: ${line}`),
    );
  }
  return { disagreements, refusals };
}

/** tar-stream, old and new, wants whole blocks to the very end; real packages have zeros of any length there. */
function isKnown(name: string, error: unknown): boolean {
  return name.startsWith('tar-stream') && String(error) === 'Error: Unexpected end of data';
}
