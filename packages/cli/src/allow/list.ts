import type { Exception } from '@tarwarden/core';
import { hasExpired } from '@tarwarden/core/policy';
import { escapedJson, printable, printablePath } from '@tarwarden/core/text';
import { write } from '../output.ts';
import type { PolicyDocument } from './policy-document.ts';

/** Characters of a reason on a line. */
const REASON_CHARS = 4096;
const SCHEMA = 1;

interface Listed {
  readonly path: string;
  readonly line: number;
  readonly status: 'holds' | 'expired';
  readonly exception: Exception;
}

/** `tarwarden allow --list`: every exception of the files, with its place. */
export async function listExceptions(
  documents: readonly PolicyDocument[],
  { today, json }: { readonly today: string; readonly json: boolean },
): Promise<0> {
  const listed = documents.flatMap((document) =>
    document.exceptions.map((exception, index): Listed => ({
      path: document.path,
      line: document.placeOf(index).line,
      status: hasExpired(exception, today) ? 'expired' : 'holds',
      exception,
    })),
  );
  if (json) {
    await write(`${escapedJson({ schema: SCHEMA, exceptions: listed })}\n`);
    return 0;
  }
  if (listed.length === 0) await write('no exceptions\n');
  for (const one of listed) await write(`${textOf(one)}\n`);
  return 0;
}

function textOf({ path, line, status, exception }: Listed): string {
  const { rule, entry, expires, reason } = exception;
  const where = entry === undefined ? '' : ` in ${printable(entry)}`;
  const until = status === 'expired' ? `EXPIRED on ${expires}` : `until ${expires}`;
  return [
    `${printable(exception.package)}  ${rule}${where}  ${until}`,
    `  ${printable(reason, REASON_CHARS)}`,
    `  ${printablePath(path)}:${line}`,
  ].join('\n');
}
