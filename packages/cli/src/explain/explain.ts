import { printablePath } from '@tarwarden/core/text';
import { explain as explainArchive, explanationJson, explanationText } from '@tarwarden/views';
import { loadPolicy } from '@tarwarden/host';
import { type Call, rememberRejection, tell, write } from '@tarwarden/host/command-line';
import { styleFor } from '../colour.ts';
import type { EXPLAIN_OPTIONS } from '../commands/explain.ts';
import { expectedPackage } from '../expected-package.ts';
import { inspectBytes, readArchive } from '@tarwarden/host/inspect-file';

const MAX_PROSE_COLUMNS = 100;

/** `tarwarden explain FILE`: what is wrong with one archive, where, and what each manager would make of it. */
export async function explain({ values, operands }: Call<typeof EXPLAIN_OPTIONS>): Promise<number> {
  const expected = expectedPackage('explain', values);
  const [file = ''] = operands;
  const { policy, warnings } = loadPolicy({ cwd: process.cwd(), env: process.env });
  for (const warning of warnings) tell(`warning: ${warning}`);

  const bytes = readArchive(file);
  if (!(bytes instanceof Uint8Array)) return notInspected(file, bytes.message);
  const result = inspectBytes(file, bytes, {
    policy,
    ...(values.format && { format: values.format }),
    ...(expected && { expected }),
  });
  if ('error' in result) return notInspected(file, result.error.message);
  if (result.verdict.status === 'reject') rememberRejection();
  const explanation = explainArchive(file, bytes, result.verdict, expected);
  if (values.reporter === 'json') await write(explanationJson(explanation));
  else {
    const style = styleFor(values.color, process.stdout);
    await write(explanationText(explanation, style, proseWidth(process.stdout)));
  }
  return result.verdict.status === 'reject' ? 1 : 0;
}

/** As wide as the terminal, but no wider than is read with ease; elsewhere a statement stays on one line. */
function proseWidth({ isTTY, columns }: { isTTY?: boolean; columns?: number }): number | undefined {
  return isTTY === true && columns !== undefined ? Math.min(columns, MAX_PROSE_COLUMNS) : undefined;
}

function notInspected(file: string, message: string): number {
  tell(`${printablePath(file)}: not inspected: ${message}`);
  return 2;
}
