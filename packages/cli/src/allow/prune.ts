import { hasExpired } from '@tarwarden/core/policy';
import { plural, printable, printablePath } from '@tarwarden/core/text';
import { write } from '../output.ts';
import type { PolicyDocument } from './policy-document.ts';

/** `tarwarden allow --prune`: takes the exceptions away that have expired. */
export async function pruneExceptions(
  document: PolicyDocument,
  { today, dryRun }: { readonly today: string; readonly dryRun: boolean },
): Promise<0> {
  const expired = document.exceptions.filter((one) => hasExpired(one, today));
  if (expired.length > 0) {
    const text = document.without((one) => hasExpired(one, today));
    if (!dryRun) document.write(text);
  }
  for (const one of expired)
    await write(`${printable(one.package)}  ${one.rule}  expired on ${one.expires}\n`);
  const what = expired.length === 0 ? 'no exception' : plural(expired.length, 'exception');
  const did = dryRun ? 'would be removed from' : 'removed from';
  await write(`${what} ${did} ${printablePath(document.path)}\n`);
  return 0;
}
