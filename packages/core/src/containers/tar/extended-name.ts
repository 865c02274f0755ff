import { quote } from '../../text/printable.ts';
import { Trait } from '../entry.ts';
import { GLOBAL } from './extended.ts';
import type { ReportField } from './fields.ts';
import type { ReadPath } from './path-field.ts';

const C1 = /[\u0080-\u009f]/;
/** A name that a writer cut in the middle of a character. */
const CUT = /^[^\ufffd]{33,}\ufffd$/;

/**
 * Reports what is wrong with the name in an extended header's own block. It names no file, but what begins the archive may be
 * another format's magic number, and an extractor that knows no extended headers makes a file of it.
 */
export function checkExtendedName(
  { path, traits }: ReadPath,
  typeflag: number,
  report: ReportField,
): void {
  if ((traits & (Trait.Control | Trait.NonAscii)) !== 0) {
    if ((traits & Trait.Control) !== 0 || C1.test(path))
      report('control-character', `in the name of an extended header: ${quote(path)}`);
    // GNU tar cuts long names after so many bytes.
    if ((traits & Trait.InvalidUtf8) !== 0 && !CUT.test(path))
      report('invalid-utf8', `in the name of an extended header: ${quote(path)}`);
  }
  if ((traits & Trait.DotDot) !== 0)
    report('path-traversal', `in the name of an extended header: ${quote(path)}`);
  // GNU tar calls its global header /tmp/GlobalHead.1.1.
  if ((traits & Trait.LeadingSlash) !== 0 && typeflag !== GLOBAL)
    report('absolute-path', `in the name of an extended header: ${quote(path)}`);
}
