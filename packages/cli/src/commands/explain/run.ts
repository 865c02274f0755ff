import { printablePath } from '@tarwarden/core/text';
import { explain, explanationJson, explanationText } from '@tarwarden/core/views';
import { styleFor } from '../../colour.ts';
import { type Call, rememberRejection, tell, write } from '@tarwarden/host/command-line';
import type { EXPLAIN_OPTIONS } from './definition.ts';
import { expectedPackage } from '../../archives/expected-package.ts';
import { policyIn } from '../../working-folder.ts';
import { inspectBytes, readArchive } from '@tarwarden/host/inspect-file';

const MAX_PROSE_COLUMNS = 100;

/** `tarwarden explain FILE`: the findings in one archive, their locations, and what each manager would unpack. */
export async function explainCommand({
  values,
  operands,
}: Call<typeof EXPLAIN_OPTIONS>): Promise<number> {
  const expected = expectedPackage('explain', values);
  const [file = ''] = operands;
  const { policy } = policyIn();

  const bytes = readArchive(file);
  if (!(bytes instanceof Uint8Array)) return notInspected(file, bytes.message);
  const result = inspectBytes(file, bytes, {
    policy,
    ...(values.format && { format: values.format }),
    ...(expected && { expected }),
  });
  if ('error' in result) return notInspected(file, result.error.message);
  if (result.verdict.status === 'reject') rememberRejection();
  const explanation = explain(file, bytes, result.verdict, expected);
  if (values.reporter === 'json') await write(explanationJson(explanation));
  else {
    const style = styleFor(values.color, process.stdout);
    await write(explanationText(explanation, style, proseWidth(process.stdout)));
  }
  return result.verdict.status === 'reject' ? 1 : 0;
}

/** The width of the terminal, up to a width that is easy to read. Without a terminal, a statement stays on one line. */
function proseWidth({ isTTY, columns }: { isTTY?: boolean; columns?: number }): number | undefined {
  return isTTY === true && columns !== undefined ? Math.min(columns, MAX_PROSE_COLUMNS) : undefined;
}

function notInspected(file: string, message: string): number {
  tell(`${printablePath(file)}: not inspected: ${message}`);
  return 2;
}
