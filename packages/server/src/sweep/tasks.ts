/* The work of one task: one package, or some archives. */
import { hash } from 'node:crypto';
import { printable } from '@tarwarden/core/text';

export type Work =
  | { readonly kind: 'package'; readonly name: string }
  | { readonly kind: 'addresses'; readonly addresses: readonly string[] }
  | { readonly kind: 'files'; readonly paths: readonly string[] };

export type SweepTask = Work & {
  readonly id: string;
  /** The mark of the folder that contains the archives; absent for archives of a registry. */
  readonly of?: string | undefined;
};

/** The most archives in one task. */
export const TASK_ITEMS = 50;
const ITEM_CHARS_MAX = 500;

/**
 * Makes a task. Equal work gets an equal id, so that the queue has it once.
 * @param time Distinguishes the same work at another position in a feed of changes.
 * @param mark See {@link folderMark}.
 */
export function taskOf(work: Work, time = '', mark?: string): SweepTask {
  const what = JSON.stringify(mark === undefined ? [work, time] : [work, time, mark]);
  const folder = mark === undefined ? {} : { of: mark };
  // BullMQ refuses ids with colons and ids of digits alone.
  return { ...work, ...folder, id: `t-${hash('sha256', what).slice(0, 40)}` };
}

/** Identifies a worker's folder, because another folder may have files of the same names. */
export function folderMark({
  id,
  folder,
}: {
  readonly id: string;
  readonly folder?: string | undefined;
}): string | undefined {
  return folder === undefined ? undefined : hash('sha256', id).slice(0, 40);
}

/** The canonical text of a task, by which the ledger knows it. */
export function taskText(task: SweepTask): string {
  const { id, kind, of: mark } = task;
  const folder = mark === undefined ? {} : { of: mark };
  if (kind === 'package') return JSON.stringify({ kind, name: task.name, ...folder, id });
  const items = kind === 'files' ? { paths: task.paths } : { addresses: task.addresses };
  return JSON.stringify({ kind, ...items, ...folder, id });
}

/** Whether a value is a task. Any program that can write to the queue or the ledger can put other values there. */
export function isTask(value: unknown): value is SweepTask {
  if (typeof value !== 'object' || value === null) return false;
  const { id, of: mark, kind, name, addresses, paths } = value as Record<string, unknown>;
  if (typeof id !== 'string' || !/^t-[0-9a-f]{40}$/.test(id)) return false;
  if (mark !== undefined && typeof mark !== 'string') return false;
  if (kind === 'package') return typeof name === 'string';
  return isTexts(kind === 'addresses' ? addresses : kind === 'files' ? paths : undefined);
}

function isTexts(value: unknown): value is readonly string[] {
  return (
    Array.isArray(value) &&
    value.length <= TASK_ITEMS &&
    value.every((text) => typeof text === 'string')
  );
}

/** The items of a task for people: one line for each archive or package. */
export function itemsOf(task: Work): readonly string[] {
  if (task.kind === 'package') return [itemOf(task.name)];
  return (task.kind === 'files' ? task.paths : task.addresses).map(itemOf);
}

/** A package, path or address for people, without credentials. A hash replaces shortened parts, so that different items differ. */
export function itemOf(text: string): string {
  const isAddress = /^https?:\/\//i.test(text) && URL.canParse(text);
  const { origin, pathname, search } = isAddress
    ? new URL(text)
    : { origin: '', pathname: text, search: '' };
  const shown = origin + pathname;
  const isWhole = search === '' && shown.length <= ITEM_CHARS_MAX;
  const mark = isWhole ? '' : ` (${hash('sha256', shown + search).slice(0, 12)})`;
  return printable(shown, ITEM_CHARS_MAX) + mark;
}
