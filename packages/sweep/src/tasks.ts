/* What a worker is given to do: one package, or some archives. */
import { hash } from 'node:crypto';
import { printable } from '@tarwarden/core/text';

export type Work =
  | { readonly kind: 'package'; readonly name: string }
  | { readonly kind: 'addresses'; readonly addresses: readonly string[] }
  | { readonly kind: 'files'; readonly paths: readonly string[] };

export type Task = Work & { readonly id: string };

/** Archives in one task. */
export const TASK_ITEMS = 50;
const ITEM_CHARS_MAX = 500;

/**
 * A task has the same id whenever the same work is planned, so that the queue has it once.
 * @param time What makes it other work than the same work before: the place in a feed of changes.
 */
export function taskOf(work: Work, time = ''): Task {
  // BullMQ takes no colon, and not digits alone.
  return { ...work, id: `t-${hash('sha256', JSON.stringify([work, time])).slice(0, 40)}` };
}

/** Whether a value is a task: what comes out of a queue or a ledger was written by whoever may write to it. */
export function isTask(value: unknown): value is Task {
  if (typeof value !== 'object' || value === null) return false;
  const { id, kind, name, addresses, paths } = value as Record<string, unknown>;
  if (typeof id !== 'string' || !/^t-[0-9a-f]{40}$/.test(id)) return false;
  if (kind === 'package') return typeof name === 'string';
  return isTexts(kind === 'addresses' ? addresses : kind === 'files' ? paths : undefined);
}

function isTexts(value: unknown): value is readonly string[] {
  return (
    Array.isArray(value) &&
    value.length <= TASK_ITEMS &&
    value.every((one) => typeof one === 'string')
  );
}

/** What a task is about, for people: one line for each archive or package. */
export function itemsOf(task: Work): readonly string[] {
  if (task.kind === 'package') return [itemOf(task.name)];
  return (task.kind === 'files' ? task.paths : task.addresses).map(itemOf);
}

/** A package, a path or an address, for people. An address without what may sign somebody in. */
export function itemOf(text: string): string {
  const isAddress = /^https?:\/\//i.test(text) && URL.canParse(text);
  const { origin, pathname } = isAddress ? new URL(text) : { origin: '', pathname: text };
  return printable(origin + pathname, ITEM_CHARS_MAX);
}
