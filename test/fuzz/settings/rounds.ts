import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { putFiles } from '../../support/put-file.ts';
import { Random } from '../random.ts';
import type { Answer, SettingsCase, SettingsSubject, WrittenCase } from './subject.ts';

export interface Difference {
  readonly round: number;
  readonly case: SettingsCase;
  readonly client: Answer | undefined;
  readonly ours: Answer;
}

/** The case of a round: the same for the same seed. */
export function caseOf(subject: SettingsSubject, seed: number, round: number): SettingsCase {
  return subject.generate(new Random(seed + Math.imul(round, 0x9e3779b1)));
}

/** Asks the client and our reader about rounds `from` to `from + subject.batch - 1`. */
export async function differences(
  subject: SettingsSubject,
  seed: number,
  from: number,
  count: number = subject.batch,
): Promise<Difference[]> {
  const root = mkdtempSync(join(tmpdir(), 'tarwarden-settings-'));
  try {
    const cases = Array.from({ length: count }, (_, index) => {
      const made = caseOf(subject, seed, from + index);
      return written(made, join(root, String(index)));
    });
    const answers = await subject.ask(cases);
    return cases.flatMap((one, index) => {
      const ours = subject.read(one);
      const client = answers[index];
      const { files, env } = one;
      // A client that refuses its settings does nothing, so any answer of ours is good enough.
      return client === 'refused' ||
        (ours === 'refused' && subject.mayRefuse === true) ||
        isDeepStrictEqual({ ...asObject(ours) }, { ...asObject(client) })
        ? []
        : [{ round: from + index, case: { files, env }, client, ours }];
    });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

const asObject = (answer: Answer | undefined): object =>
  typeof answer === 'object' ? answer : { answer };

function written(made: SettingsCase, folder: string): WrittenCase {
  for (const name of ['home', 'project']) mkdirSync(join(folder, name), { recursive: true });
  putFiles(folder, made.files);
  return { ...made, folder };
}
