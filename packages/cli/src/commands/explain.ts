import { printable } from '@tarwarden/core/text';
import { explain as explainArchive, explanationJson, explanationText } from '@tarwarden/views';
import { loadPolicy } from '@tarwarden/host';
import { colourFlag, COLOUR_OPTIONS, styleFor } from '../colour.ts';
import { expectedPackage, oneOf, parseOptions } from '../options.ts';
import { rememberRejection, write } from '../output.ts';
import { judgeBytes, readArchive } from '../scan/judge-file.ts';
import { UsageError } from '../usage-error.ts';
import { printHelp } from './help.ts';

/** Characters of a path on a line: all that a file system takes. */
const PATH_CHARS = 4096;

const MAX_PROSE_COLUMNS = 100;

/** `tarwarden explain FILE`: what is wrong with one archive, where, and what each manager would make of it. */
export async function explain(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions('explain', args, {
    ...COLOUR_OPTIONS,
    package: { type: 'string' },
    reporter: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  });
  if (values['help'] === true) return printHelp('explain');
  const option = { command: 'explain', name: 'reporter' };
  const reporter = oneOf(option, values['reporter'], ['text', 'json']) ?? 'text';
  const expected = expectedPackage('explain', values['package']);
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new UsageError('name one archive', 'explain');
  const { policy, warnings } = loadPolicy({ cwd: process.cwd(), env: process.env });
  for (const warning of warnings) tell(`warning: ${warning}`);

  const bytes = readArchive(file);
  if (!(bytes instanceof Uint8Array)) return notInspected(file, bytes.message);
  const result = judgeBytes(file, bytes, { policy, ...(expected && { expected }) });
  if ('error' in result) return notInspected(file, result.error.message);
  if (result.verdict.status === 'reject') rememberRejection();
  const explanation = explainArchive(file, bytes, result.verdict);
  if (reporter === 'json') await write(explanationJson(explanation));
  else {
    const style = styleFor(colourFlag(values), process.stdout);
    await write(explanationText(explanation, style, proseWidth(process.stdout)));
  }
  return result.verdict.status === 'reject' ? 1 : 0;
}

/** As wide as the terminal, but no wider than is read with ease; elsewhere a statement stays on one line. */
function proseWidth({ isTTY, columns }: { isTTY?: boolean; columns?: number }): number | undefined {
  return isTTY === true && columns !== undefined ? Math.min(columns, MAX_PROSE_COLUMNS) : undefined;
}

function notInspected(file: string, message: string): number {
  tell(`${printable(file, PATH_CHARS)}: not inspected: ${message}`);
  return 2;
}

function tell(text: string): void {
  process.stderr.write(`tarwarden: ${text}\n`);
}
