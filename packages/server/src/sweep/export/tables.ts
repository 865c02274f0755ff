/* The tables of an export, one a file, and how a row of the ledger becomes their rows. docs/server/sweep.md describes them for users. */
import type { Finding } from '@tarwarden/core';
import { TarwardenError } from '@tarwarden/core';
import { printable, printablePath } from '@tarwarden/core/text';
import { SCHEMA } from '../ledger/schema.ts';

/** `sha512` and `digest`: bytes. `texts`: a list. `time`: UTC, milliseconds. */
export type ColumnType = 'sha512' | 'digest' | 'text' | 'texts' | 'number' | 'time';
export type Value = string | readonly string[] | Uint8Array | bigint | Date | null;
export type TableName = 'verdicts' | 'findings' | 'occurrences' | 'not-inspected';

export interface TableColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable?: true;
}

/** As the driver returns it: 64-bit numbers are text. */
export type LedgerRow = Readonly<Record<string, unknown>>;

export interface Table {
  readonly name: TableName;
  readonly columns: readonly TableColumn[];
  /** Selects the ledger's rows. */
  readonly query: string;
  /** The rows of the file, with a value for each column. */
  readonly rows: (row: LedgerRow) => readonly (readonly Value[])[];
}

export const DIGEST_BYTES = { sha512: 64, digest: 32 } as const;

const VERDICT_COLUMNS: readonly TableColumn[] = [
  { name: 'sha512', type: 'sha512' },
  { name: 'context', type: 'digest' },
  { name: 'ruleset', type: 'text' },
  { name: 'status', type: 'text' },
  { name: 'rules', type: 'texts' },
  { name: 'warned', type: 'texts' },
  { name: 'bytes', type: 'number' },
  { name: 'unpacked', type: 'number' },
  { name: 'entries', type: 'number' },
  { name: 'inspected', type: 'time' },
];
const OCCURRENCE_COLUMNS: readonly TableColumn[] = [
  { name: 'name', type: 'text' },
  { name: 'version', type: 'text' },
  { name: 'sha512', type: 'sha512' },
  { name: 'source', type: 'text' },
  { name: 'published', type: 'time', nullable: true },
  { name: 'packer', type: 'text' },
];
const NOT_INSPECTED_COLUMNS: readonly TableColumn[] = [
  { name: 'source', type: 'text' },
  { name: 'item', type: 'text' },
  { name: 'reason', type: 'text' },
  { name: 'seen', type: 'time' },
];

export const TABLES: readonly Table[] = [
  plain('verdicts', 'verdict', VERDICT_COLUMNS),
  plain('occurrences', 'occurrence', OCCURRENCE_COLUMNS),
  plain('not-inspected', 'not_inspected', NOT_INSPECTED_COLUMNS),
  {
    name: 'findings',
    columns: [
      { name: 'sha512', type: 'sha512' },
      { name: 'context', type: 'digest' },
      { name: 'ruleset', type: 'text' },
      { name: 'rule', type: 'text' },
      { name: 'level', type: 'text' },
      { name: 'path', type: 'text', nullable: true },
      { name: 'layer', type: 'text', nullable: true },
      { name: 'position', type: 'number', nullable: true },
      { name: 'message', type: 'text' },
      { name: 'excepted', type: 'text', nullable: true },
    ],
    query: `select sha512, context, ruleset, findings from ${SCHEMA}.verdict where findings is not null`,
    rows: findingsIn,
  },
];

function plain(name: TableName, table: string, columns: readonly TableColumn[]): Table {
  const names = columns.map((column) => column.name);
  return {
    name,
    columns,
    query: `select ${names.join(', ')} from ${SCHEMA}.${table}`,
    rows: (row) => [columns.map((column) => valueIn(row, column))],
  };
}

function valueIn(row: LedgerRow, { name, type, nullable }: TableColumn): Value {
  const value = row[name];
  if (value === null && nullable === true) return null;
  switch (type) {
    case 'number':
      return BigInt(value as string);
    case 'text':
      return printablePath(value as string);
    case 'texts':
      return (value as string[]).map((text) => printable(text));
    case 'time':
      // The database has infinite dates, which JavaScript lacks.
      if (!(value instanceof Date) || Number.isNaN(value.getTime())) throw unreadable(name);
      return value;
    default:
      return digestIn(value, name, DIGEST_BYTES[type]);
  }
}

function digestIn(value: unknown, name: string, bytes: number): Uint8Array {
  if (value instanceof Uint8Array && value.length === bytes) return value;
  throw unreadable(name);
}

/** No worker wrote this value, so another program writes to the ledger. */
function unreadable(name: string): TarwardenError {
  return new TarwardenError('STORE_FAILED', `the ledger has "${name}" that cannot be read`);
}

function findingsIn(row: LedgerRow): readonly (readonly Value[])[] {
  const [sha512, context, ruleset] = [
    digestIn(row['sha512'], 'sha512', DIGEST_BYTES.sha512),
    digestIn(row['context'], 'context', DIGEST_BYTES.digest),
    printable(row['ruleset'] as string),
  ];
  return parsed(row['findings'] as string).map(
    ({ rule, level, entry, layer, offset, message, excepted }) => [
      sha512,
      context,
      ruleset,
      text(rule) ?? '',
      text(level) ?? '',
      text(entry),
      text(layer),
      Number.isSafeInteger(offset) ? BigInt(offset as number) : null,
      text(message) ?? '',
      text(excepted),
    ],
  );
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? printablePath(value) : null;
}

function parsed(json: string): readonly Partial<Record<keyof Finding, unknown>>[] {
  try {
    const value: unknown = JSON.parse(json);
    if (Array.isArray(value))
      return value.filter((finding) => typeof finding === 'object' && finding !== null) as object[];
  } catch {
    // Handled below as a value that is not a list.
  }
  throw unreadable('findings');
}
