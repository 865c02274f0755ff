/* The ledger: an edited, missing or added line is found, appending is serialised, and a torn last line is no event. */
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import {
  chainLine,
  EMPTY_CHAIN,
  readChainLine,
  type ChainEnd,
} from '../../../../packages/server/src/approvals/chain.ts';
import { FolderHome } from '../../../../packages/server/src/approvals/folder-home.ts';
import type { ApprovalEvent } from '../../../../packages/server/src/approvals/events.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';
import { boss, dev, evil, folderHome, openDesk, type Desk } from './support.ts';

let folder: string;
let file: string;
freshFolder((fresh) => {
  folder = fresh;
  file = join(folder, 'ledger/events.ndjson');
});
const desks: Desk[] = [];
afterEach(async () => {
  for (const desk of desks.splice(0)) await desk.ledger.close();
});

async function desk(): Promise<Desk> {
  const opened = await openDesk(await folderHome(folder));
  desks.push(opened);
  return opened;
}

/** A ledger with an approval. */
async function approved(): Promise<Desk> {
  const own = await desk();
  const { id } = await own.refuse();
  const request = await own.approvals.ask(id, { by: dev, reason: 'needed' });
  const decided = { by: boss, reason: 'read it', until: '2026-12-24' };
  await own.approvals.approve(request.id, decided);
  return own;
}

const lines = (): string[] => readFileSync(file, 'utf8').split('\n').slice(0, -1);

describe('a chain', () => {
  it('has numbered lines that contain the digest of the line before', async () => {
    await approved();
    const [first, second] = lines();
    let end: ChainEnd = EMPTY_CHAIN;
    const read = readChainLine(first!, end);
    expect(read.event.kind).toBe('requested');
    end = read.end;
    expect(readChainLine(second!, end).event.kind).toBe('approved');
    expect(() => readChainLine(second!, EMPTY_CHAIN)).toThrow(
      'line 1 of the ledger has another number',
    );
  });

  it('takes only canonical JSON of known events', () => {
    const event: ApprovalEvent = {
      kind: 'declined',
      request: '1',
      by: 'a',
      at: '2026-11-30T12:00:00.000Z',
      reason: 'no',
    };
    const line = chainLine(EMPTY_CHAIN, event);
    expect(readChainLine(line, EMPTY_CHAIN).event).toEqual(event);
    for (const wrong of [
      `${line} `,
      line.replace('"by":"a"', '"by":"b","by":"a"'),
      line.replace('declined', 'approved'),
      line.replace('"reason":"no"', '"reason":1'),
      line.replace('12:00', 'noon'),
      '[]',
      'null',
      '{',
    ])
      expect(() => readChainLine(wrong, EMPTY_CHAIN)).toThrow(/^line 1 of the ledger /);
  });
});

describe('a folder', () => {
  it('gives another server the approval', async () => {
    await approved();
    const other = await desk();
    expect(other.approvals.inForce().map(({ exception }) => exception.package)).toEqual([
      'evil@1.0.0',
    ]);
  });

  const tampered: readonly [string, (all: string[]) => string[]][] = [
    [
      'a line was edited',
      ([first, second]) => [first!, second!.replace('2026-12-24', '2027-12-24')],
    ],
    ['a line is missing', ([, second]) => [second!]],
    ['a line was put in between', ([first, second]) => [first!, first!, second!]],
    ['a line is not UTF-8', ([first, second]) => [first!, `${second!}\u{D800}`]],
    ['a line is empty', ([first, second]) => [first!, '', second!]],
  ];
  it.each(tampered)('counts no approval if %s', async (_, change) => {
    await approved();
    writeFileSync(
      file,
      change(lines())
        .map((line) => `${line}\n`)
        .join(''),
    );
    const other = await desk();
    expect(other.ledger.problem).toMatch(/^(?:line \d|a line) of the ledger/);
    expect(other.approvals.inForce()).toEqual([]);
    await expect(other.approvals.requests()).rejects.toThrow(/is not believed/);
    await expect(
      other.approvals.ask((await other.refuse(evil('more'))).id, { by: dev, reason: 'x' }),
    ).rejects.toThrow(/is not believed/);
  });

  it('counts no approval while lines are gone that were read before, and all when they are back', async () => {
    const own = await approved();
    const before = readFileSync(file);
    writeFileSync(file, `${lines()[0]}\n`);
    await own.ledger.refresh();
    expect(own.ledger.problem).toBe('line 2 of the ledger is gone or was changed');
    expect(own.approvals.inForce()).toEqual([]);
    rmSync(file);
    await own.ledger.refresh();
    expect(own.ledger.problem).toBe('the ledger has lost lines after line 0');
    writeFileSync(file, before);
    await own.ledger.refresh();
    expect(own.ledger.problem).toBeUndefined();
    expect(own.approvals.inForce()).toHaveLength(1);
  });

  it('does not believe another chain in the place of the one that it knows', async () => {
    const own = await approved();
    const [first] = lines();
    const read = readChainLine(first!, EMPTY_CHAIN);
    const forged = chainLine(EMPTY_CHAIN, { ...read.event, by: 'somebody else' });
    writeFileSync(
      file,
      `${forged}\n${chainLine(readChainLine(forged, EMPTY_CHAIN).end, read.event)}\n`,
    );
    await own.ledger.refresh();
    await own.ledger.refresh();
    expect(own.ledger.problem).toMatch(/line 2 of the ledger was changed/);
    expect(own.approvals.inForce()).toEqual([]);
  });

  it('takes a torn last line for no event, and removes it before the next one', async () => {
    const own = await approved();
    appendFileSync(file, '{"event":{"at":"2026-');
    const other = await desk();
    expect(other.ledger.problem).toBeUndefined();
    expect(other.approvals.inForce()).toHaveLength(1);
    await other.approvals.revoke('1', { by: boss, reason: 'no more' });
    expect(lines()).toHaveLength(3);
    await own.ledger.refresh();
    expect(own.approvals.inForce()).toEqual([]);
  });

  it('serialises two approvers: the second gets a conflict', async () => {
    const own = await desk();
    const other = await desk();
    const { id } = await own.refuse();
    await own.approvals.ask(id, { by: dev, reason: 'needed' });
    const decided = { by: boss, reason: 'fine', until: '2026-12-24' };
    const results = await Promise.allSettled([
      own.approvals.approve('1', decided),
      other.approvals.approve('1', decided),
      other.approvals.decline('1', { by: boss, reason: 'no' }),
    ]);
    const failed = results.filter(({ status }) => status === 'rejected');
    expect(failed).toHaveLength(2);
    expect(failed).toMatchObject([{ reason: { status: 409 } }, { reason: { status: 409 } }]);
    expect(lines()).toHaveLength(2);
    expect(readdirSync(join(folder, 'ledger'))).not.toContain('events.lock');
  });

  it('keeps many events of two servers in one chain', async () => {
    const own = await desk();
    const other = await desk();
    const refusals = [];
    for (let number = 0; number < 12; number += 1)
      refusals.push(await own.refuse(evil(`evil-${number}`)));
    await Promise.all(
      refusals.map(async ({ id }, number) =>
        (number % 2 === 0 ? own : other).approvals.ask(id, { by: dev, reason: 'needed' }),
      ),
    );
    const third = await desk();
    expect(third.ledger.problem).toBeUndefined();
    expect(await third.approvals.requests()).toHaveLength(12);
  });

  it('reads on behind many bytes', async () => {
    const own = await desk();
    const { id } = await own.refuse();
    await own.approvals.ask(id, { by: dev, reason: 'needed' });
    const home = await FolderHome.open(join(folder, 'ledger'));
    expect(await home.read(1)).toHaveLength(1);
    expect(await home.read(2)).toEqual([]);
    expect(await home.read(1)).toHaveLength(1);
    expect(await home.append(3, 'too far')).toBe(false);
    expect(await home.append(1, 'again')).toBe(false);
  });

  it('is not opened if others can write to it', async () => {
    await folderHome(folder);
    chmodSync(join(folder, 'ledger'), 0o777);
    await expect(folderHome(folder)).rejects.toThrow(/nobody else can write/);
  });

  it('is not opened if it is a link', async () => {
    mkdirSync(join(folder, 'elsewhere'));
    symlinkSync(join(folder, 'elsewhere'), join(folder, 'ledger'));
    await expect(folderHome(folder)).rejects.toThrow(/must be a folder of the user/);
  });

  it('waits for a lock, and takes over one that was left behind', async () => {
    const own = await desk();
    const lock = join(folder, 'ledger/events.lock');
    writeFileSync(lock, 'another server');
    const { id } = await own.refuse();
    let isDone = false;
    const asking = own.approvals.ask(id, { by: dev, reason: 'needed' }).then((request) => {
      isDone = true;
      return request;
    });
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(isDone).toBe(false);
    utimesSync(lock, new Date(0), new Date(0));
    expect((await asking).id).toBe('1');
    expect(existsSync(lock)).toBe(false);
  });
});
