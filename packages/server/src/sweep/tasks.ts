/* A task of a worker: one package, or some archives. */
import { hash } from 'node:crypto';
import { printable } from '@tarwarden/core/text';
import type { SweepSource } from './sources/source.ts';

export type Work =
  | { readonly kind: 'package'; readonly name: string }
  | { readonly kind: 'addresses'; readonly addresses: readonly string[] }
  | { readonly kind: 'files'; readonly paths: readonly string[] };

export type SweepTask = Work & {
  readonly id: string;
  /** Digest of the folder that has its archives, if they are in one. */
  readonly of?: string | undefined;
};

/** Archives in one task. */
export const TASK_ITEMS = 50;
const ITEM_CHARS_MAX = 500;

/**
 * A task has the same id whenever the same work is planned, so that the queue has it once.
 * @param time What makes it other work than the same work before: the place in a feed of changes.
 * @param of See {@link folderMark}.
 */
export function taskOf(work: Work, time = '', of?: string): SweepTask {
  const what = JSON.stringify(of === undefined ? [work, time] : [work, time, of]);
  const source = of === undefined ? {} : { of };
  // BullMQ takes no colon, and not digits alone.
  return { ...work, ...source, id: `t-${hash('sha256', what).slice(0, 40)}` };
}

/** By which a worker knows that a task is about its folder: another one may have files of the same names. */
export function folderMark({ id, folder }: Pick<SweepSource, 'id' | 'folder'>): string | undefined {
  return folder === undefined ? undefined : hash('sha256', id).slice(0, 40);
}

/** The text of a task. The ledger knows the task by it, so equal tasks have equal texts. */
export function taskText(task: SweepTask): string {
  const { id, kind, of } = task;
  const source = of === undefined ? {} : { of };
  if (kind === 'package') return JSON.stringify({ kind, name: task.name, ...source, id });
  const items = kind === 'files' ? { paths: task.paths } : { addresses: task.addresses };
  return JSON.stringify({ kind, ...items, ...source, id });
}

/** Checks that a value is a task: other programs may have written to the queue or the ledger. */
export function isTask(value: unknown): value is SweepTask {
  if (typeof value !== 'object' || value === null) return false;
  const { id, of, kind, name, addresses, paths } = value as Record<string, unknown>;
  if (typeof id !== 'string' || !/^t-[0-9a-f]{40}$/.test(id)) return false;
  if (of !== undefined && typeof of !== 'string') return false;
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

/** The archives or packages of a task, one line each, for people. */
export function itemsOf(task: Work): readonly string[] {
  if (task.kind === 'package') return [itemOf(task.name)];
  return (task.kind === 'files' ? task.paths : task.addresses).map(itemOf);
}

/**
 * A package, a path or an address, for people. An address without what may sign somebody in. Of what is left out or cut off there is a hash: two
 * that differ in it alone are two.
 */
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
