import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { printable, printablePath } from '@tarwarden/core/text';
import { errnoOf, loadPolicy } from '@tarwarden/host';
import { isUsable, keyPair, readPinnedKeys, type PinnedKey } from '@tarwarden/host/signed-verdicts';
import { type Call, type Values, remark, write, UsageError } from '@tarwarden/host/command-line';
import type { KEYS_OPTIONS } from './definition.ts';

type Options = typeof KEYS_OPTIONS;

/** `tarwarden keys generate|list`. */
export async function keysCommand({ operands, values }: Call<Options>): Promise<number> {
  return operands[0] === 'generate' ? generate(values) : list(values);
}

async function generate({ out, name, reporter }: Values<Options>): Promise<number> {
  if (out === undefined) throw new UsageError('generate needs --out FILE', 'keys');
  const { pem, publicText, id } = keyPair();
  try {
    writeFileSync(out, pem, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    const exists = errnoOf(error) === 'EEXIST';
    const why = exists
      ? 'exists, and a key is not replaced'
      : `cannot be written (${String(errnoOf(error))})`;
    throw new UsageError(`${printablePath(out)} ${why}`, 'keys');
  }
  const pinned = { key: publicText, ...(name !== undefined && { name }) };
  if (reporter === 'json') {
    await write(`${JSON.stringify({ privateKey: resolve(out), id, pin: pinned }, null, 2)}\n`);
    return 0;
  }
  remark(
    `the private key is in ${printablePath(out)}. A person who has it can make the guard accept any archive on machines that trust it`,
  );
  remark(
    'add this to the policy file of each machine that is to trust the key (docs/verdicts.md):',
  );
  await write(`"verdicts": { "keys": [${JSON.stringify(pinned)}] }\n`);
  return 0;
}

async function list({ reporter }: Values<Options>): Promise<number> {
  const { policy, verdicts } = loadPolicy({ env: process.env });
  const rows = (verdicts?.keys ?? []).flatMap((text) =>
    readPinnedKeys([text], text.use?.[0] ?? 'verdicts').map((key) => ({
      ...described(key),
      ...(text.use && { use: text.use }),
      counts: isUsable(key, policy.today),
    })),
  );
  if (reporter === 'json') {
    await write(`${JSON.stringify({ url: verdicts?.url, keys: rows }, null, 2)}\n`);
    return 0;
  }
  if (rows.length === 0)
    remark('your policy file contains no key, so the guard uses no verdicts of others');
  for (const { id, name, notAfter, counts, use } of rows) {
    const until = notAfter === undefined ? 'without an end' : `until ${notAfter}`;
    const signs = use?.includes('approvals') ? `, signs ${use.join(' and ')}` : '';
    await write(`${id}  ${until}${counts ? '' : ', expired'}${signs}  ${printable(name ?? '')}\n`);
  }
  return 0;
}

function described({ id, name, notAfter }: PinnedKey): {
  id: string;
  name?: string;
  notAfter?: string;
} {
  return {
    id,
    ...(name !== undefined && { name }),
    ...(notAfter !== undefined && { notAfter }),
  };
}
