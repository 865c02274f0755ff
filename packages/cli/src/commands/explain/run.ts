import { explain, explanationJson, explanationText, type Explanation } from '@tarwarden/explain';
import { plural, printable } from '@tarwarden/core/text';
import type { Policy } from '@tarwarden/core';
import { styleFor } from '../../colour.ts';
import { type Call, rememberRejection, tell, write } from '@tarwarden/guard/command-line';
import type { definition } from './definition.ts';
import type { ArchiveFile, MissingArchive } from '../../archives/inputs.ts';
import { notInspectedText, OperandArchives } from '../../archives/operands.ts';
import { policyIn } from '../../working-folder.ts';
import { inspectBytes, readArchive } from '@tarwarden/guard/inspect-file';

/** The most columns that are easy to read. Without a terminal, a statement stays on one line. */
const MAX_PROSE_COLUMNS = 100;

type ExplainCall = Call<typeof definition.options>;

/** `tarwarden explain ARCHIVE`: the findings in an archive, their locations, and what each manager would unpack. */
export async function explainCommand({ values, operands }: ExplainCall): Promise<number> {
  const [operand = ''] = operands;
  const { policy } = policyIn();
  const isDocument = values.reporter === 'json';
  const archives = new OperandArchives({ command: 'explain', values, policy, isDocument });
  try {
    archives.check(operands);
    const explanations: Explanation[] = [];
    let isMissing = false;
    for await (const archive of archives.of(operand)) {
      const explanation = 'error' in archive ? archive : explained(archive, policy);
      if ('error' in explanation) {
        tell(notInspectedText(explanation));
        isMissing = true;
      } else explanations.push(explanation);
    }
    return await show(explanations, { values, isMissing });
  } finally {
    archives.dispose();
  }
}

function explained(archive: ArchiveFile, policy: Policy): Explanation | MissingArchive {
  const { path, shown, inspection, fetched } = archive;
  const bytes = readArchive(path);
  if (!(bytes instanceof Uint8Array)) return { path: shown, error: bytes };
  const result = inspectBytes(path, bytes, { policy, ...inspection });
  if ('error' in result) return { path: shown, error: result.error };
  const explanation = explain(path, bytes, result.verdict, inspection.expected);
  return { ...explanation, path: shown, ...(fetched && { fetched }) };
}

/** If a version has several archives, shows those that are rejected, or the first one if all are accepted. */
async function show(
  explanations: readonly Explanation[],
  { values, isMissing }: { readonly values: ExplainCall['values']; readonly isMissing: boolean },
): Promise<number> {
  const rejected = explanations.filter(({ verdict }) => verdict.status === 'reject');
  const shownExplanations = rejected.length > 0 ? rejected : explanations.slice(0, 1);
  if (rejected.length > 0) rememberRejection();
  const style = styleFor(values.color, process.stdout);
  const { isTTY, columns } = process.stdout;
  const proseColumns = isTTY
    ? Math.min(columns || MAX_PROSE_COLUMNS, MAX_PROSE_COLUMNS)
    : undefined;
  for (const [index, explanation] of shownExplanations.entries()) {
    const text =
      values.reporter === 'json'
        ? explanationJson(explanation)
        : explanationText(explanation, style, proseColumns);
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await write(index > 0 && values.reporter !== 'json' ? `\n${text}` : text);
  }
  const otherExplanations = explanations.filter(
    (explanation) => !shownExplanations.includes(explanation),
  );
  if (otherExplanations.length > 0) {
    const names = otherExplanations.map(({ path, fetched }) => printable(fetched?.file ?? path));
    tell(
      `${plural(otherExplanations.length, 'other archive')} of this version accepted: ${names.join(', ')}`,
    );
  }
  if (rejected.length > 0) return 1;
  return isMissing ? 2 : 0;
}
