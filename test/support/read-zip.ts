/** What the zip reader of the core makes of an archive. */
import { COMMON_ZIP, type ZipDialect } from '../../packages/core/src/containers/zip/dialect.ts';
import { readZip } from '../../packages/core/src/containers/zip/reader.ts';
import { DEFAULT_LIMITS } from '../../packages/core/src/limits.ts';

export interface Seen {
  /** Codes of anomalies, in order. */
  codes: string[];
  /** Path, type and content of each entry. */
  entries: [path: string, type: string, content: string][];
  complete: boolean;
}

export function readZipOf(bytes: Buffer, dialect: ZipDialect = COMMON_ZIP): Seen {
  const codes: string[] = [];
  const entries: Seen['entries'] = [];
  const { complete } = readZip(
    bytes,
    {
      entry({ path, typeflag }) {
        entries.push([path, String.fromCharCode(typeflag), '']);
        return true;
      },
      body(piece) {
        entries.at(-1)![2] += piece.toString('latin1');
      },
      anomaly: ({ code }) => void codes.push(code),
      enough: () => false,
    },
    { limits: DEFAULT_LIMITS, dialect },
  );
  return { codes, entries, complete };
}
