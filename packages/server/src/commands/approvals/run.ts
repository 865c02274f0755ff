import { createReadStream } from 'node:fs';
import { printable, plural } from '@tarwarden/core/text';
import { tell, UsageError, write, type Call, type Values } from '@tarwarden/host/command-line';
import { ChainError, EMPTY_CHAIN, readChainLine, type ChainEnd } from '../../approvals/chain.ts';
import { Requests } from '../../approvals/requests.ts';
import { ApprovalsClient, RefusedByServer } from './client.ts';
import type { APPROVALS_OPTIONS } from './definition.ts';
import { requestLine, requestText, requestsIn, requestIn } from './texts.ts';

type Options = Values<typeof APPROVALS_OPTIONS>;

/** `tarwarden-server approvals`. */
export async function approvalsCommand({
  operands,
  values,
}: Call<typeof APPROVALS_OPTIONS>): Promise<number> {
  const [action, target] = operands;
  try {
    if (action === 'verify') return await verify(needed(target, 'verify needs a file'));
    const { server, 'token-file': tokenFile } = values;
    const client = new ApprovalsClient({ server, tokenFile });
    return await run(action!, target, { client, values });
  } catch (error) {
    if (!(error instanceof RefusedByServer)) throw error;
    tell(error.message);
    return 1;
  }
}

async function run(
  action: string,
  target: string | undefined,
  { client, values }: { readonly client: ApprovalsClient; readonly values: Options },
): Promise<number> {
  const isJson = values.reporter === 'json';
  if (action === 'export') {
    // A part can end in the middle of a character.
    const decoder = new TextDecoder();
    for await (const part of await client.stream('history'))
      await write(decoder.decode(part, { stream: true }));
    await write(decoder.decode());
    return 0;
  }
  if (action === 'list') {
    const answer = await client.ask(
      values.state === undefined ? 'requests' : `requests?state=${values.state}`,
    );
    const lines = isJson ? [JSON.stringify(answer, null, 2)] : requestsIn(answer).map(requestLine);
    if (lines.length === 0) tell('there is no such request');
    else await write(`${lines.join('\n')}\n`);
    return 0;
  }
  const id = needed(target, `${action} needs the number of a request`);
  if (!/^[1-9]\d{0,8}$/.test(id)) throw new UsageError('a request has a number', 'approvals');
  const answer =
    action === 'show'
      ? await client.ask(`requests/${id}`)
      : await client.ask(`requests/${id}/${action}`, decision(action, values));
  const text = isJson ? JSON.stringify(answer, null, 2) : requestText(requestIn(answer));
  await write(`${text}\n`);
  return 0;
}

function decision(action: string, { reason, until }: Options): object {
  const words = needed(reason, `${action} needs --reason`);
  if (action !== 'approve') return { reason: words };
  return { reason: words, until: needed(until, 'approve needs --until') };
}

function needed(value: string | undefined, otherwise: string): string {
  if (value === undefined) throw new UsageError(otherwise, 'approvals');
  return value;
}

/** Reads a history, and checks that each line follows the one before. */
async function verify(file: string): Promise<number> {
  const requests = new Requests();
  let end: ChainEnd = EMPTY_CHAIN;
  try {
    for await (const line of linesIn(file)) {
      const read = readChainLine(line, end);
      requests.add(read.event, read.end.number);
      end = read.end;
    }
  } catch (error) {
    if (!(error instanceof ChainError))
      throw new UsageError(
        `cannot read ${printable(file)}: ${(error as Error).message}`,
        'approvals',
      );
    tell(`${printable(file)} is not the history of a ledger: ${error.message}`);
    return 1;
  }
  await write(`${plural(end.number, 'event')}, ${plural(requests.size, 'request')}, ${end.hash}\n`);
  return 0;
}

/** Lines end with a line feed alone: other separators may be in a text. */
async function* linesIn(file: string): AsyncGenerator<string> {
  let rest = '';
  for await (const part of createReadStream(file, { encoding: 'utf8' }) as AsyncIterable<string>) {
    const lines = (rest + part).split('\n');
    rest = lines.pop()!;
    yield* lines;
  }
  if (rest !== '') throw new ChainError('its last line is not complete');
}
