/*
 * Changes of JSON that people wrote: the rest of the text, its indentation and its line ends stay as they are. The value beside an
 * added one may be laid out anew.
 */
import { applyEdits, modify, type FormattingOptions, type JSONPath } from 'jsonc-parser';

export interface JsonChange {
  readonly path: JSONPath;
  /** Undefined takes the value away. */
  readonly value: unknown;
  /** Into the list that holds the place, before the value that is there. */
  readonly insert?: true;
}

/** The text with the changes, made one after the other. */
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
