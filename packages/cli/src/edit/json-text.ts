/* Changes JSON that people wrote. Only the changed value, and sometimes the one beside it, is formatted anew. */
import { applyEdits, modify, type FormattingOptions, type JSONPath } from 'jsonc-parser';

export interface JsonChange {
  readonly path: JSONPath;
  /** If it is undefined, the value is removed. */
  readonly value: unknown;
  /** The value is inserted before the one at this index of the list. */
  readonly insert?: true;
}

/** The text after all changes, which are made one after the other. */
export function withJson(text: string, changes: readonly JsonChange[]): string {
  const formattingOptions = formattingOf(text);
  return changes.reduce(
    (now, { path, value, insert = false }) =>
      applyEdits(now, modify(now, path, value, { formattingOptions, isArrayInsertion: insert })),
    text,
  );
}

function formattingOf(text: string): FormattingOptions {
  const indent = /^([ \t]+)\S/m.exec(text)?.[1] ?? '  ';
  return {
    insertSpaces: !indent.startsWith('\t'),
    tabSize: indent.startsWith('\t') ? 1 : indent.length,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  };
}
