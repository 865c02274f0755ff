/* Writes rows to a Parquet file, group by group: only one group is in memory. */
import {
  ByteWriter,
  ParquetWriter,
  type ColumnSource,
  type SchemaElement,
  type Writer,
} from 'hyparquet-writer';
import { DIGEST_BYTES, type TableColumn, type ColumnType, type Value } from './tables.ts';

/** Receives the bytes in order. */
export interface Sink {
  write(bytes: Uint8Array): Promise<void>;
}

/** The metadata key for the time of the ledger's state. */
const MOMENT = 'tarwarden.moment';
const GROUP_ROWS = 20_000;
/** The most characters of texts in a group, roughly. Hostile paths are long. */
const GROUP_CHARS = 16 * 1024 * 1024;

const PRIMITIVE: Readonly<Record<Exclude<ColumnType, 'texts'>, Omit<SchemaElement, 'name'>>> = {
  sha512: { type: 'FIXED_LEN_BYTE_ARRAY', type_length: DIGEST_BYTES.sha512 },
  digest: { type: 'FIXED_LEN_BYTE_ARRAY', type_length: DIGEST_BYTES.digest },
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  number: { type: 'INT64' },
  time: { type: 'INT64', converted_type: 'TIMESTAMP_MILLIS' },
};

function elementsOf({ name, type, nullable }: TableColumn): SchemaElement[] {
  const repetition_type = nullable === true ? 'OPTIONAL' : 'REQUIRED';
  if (type !== 'texts') return [{ name, repetition_type, ...PRIMITIVE[type] }];
  return [
    { name, repetition_type, converted_type: 'LIST', num_children: 1 },
    { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
    { name: 'element', repetition_type: 'REQUIRED', ...PRIMITIVE.text },
  ];
}

/** Collects the bytes of one group of rows, and passes them on when it is complete. */
function groupWriter(sink: Sink): Writer {
  const bytes = new ByteWriter();
  const flush = async (): Promise<void> => {
    await sink.write(bytes.getBytes());
    bytes.index = 0;
  };
  return Object.assign(bytes, { flush, finish: flush });
}

export class ParquetFile {
  readonly #columns: readonly TableColumn[];
  readonly #writer: ParquetWriter;
  #rows: (readonly Value[])[] = [];
  #chars = 0;

  /** @param moment The same for all files of an export, so that files of two exports are not mixed up. */
  constructor(sink: Sink, columns: readonly TableColumn[], moment: string) {
    this.#columns = columns;
    this.#writer = new ParquetWriter({
      writer: groupWriter(sink),
      schema: [{ name: 'root', num_children: columns.length }, ...columns.flatMap(elementsOf)],
      createdBy: 'tarwarden',
      kvMetadata: [{ key: MOMENT, value: moment }],
    });
  }

  async add(row: readonly Value[]): Promise<void> {
    this.#rows.push(row);
    for (const value of row) if (typeof value === 'string') this.#chars += value.length;
    if (this.#rows.length >= GROUP_ROWS || this.#chars >= GROUP_CHARS) await this.#writeGroup();
  }

  async end(): Promise<void> {
    await this.#writeGroup();
    await this.#writer.finish();
  }

  async #writeGroup(): Promise<void> {
    const rows = this.#rows;
    if (rows.length === 0) return;
    this.#rows = [];
    this.#chars = 0;
    const columnData = this.#columns.map(({ name, type }, at): ColumnSource => {
      const isDigest = type === 'sha512' || type === 'digest';
      // Statistics and dictionaries are useless for digests, which are all different.
      const data = rows.map((row) => row[at]);
      return { name, data, ...(isDigest && { statistics: false, encoding: 'PLAIN' }) };
    });
    await this.#writer.write({ columnData, rowGroupSize: rows.length });
  }
}
