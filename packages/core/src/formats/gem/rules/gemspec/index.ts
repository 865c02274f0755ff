import type { GemspecRule } from '../../gemspec-rule.ts';
import { gemspecDuplicateKey } from './gemspec-duplicate-key.ts';
import { gemspecFileNameMismatch } from './gemspec-file-name-mismatch.ts';
import { gemspecInvalid } from './gemspec-invalid.ts';
import { gemspecNameMismatch } from './gemspec-name-mismatch.ts';
import { gemspecPathEscapes } from './gemspec-path-escapes.ts';
import { gemspecTargetMissing } from './gemspec-target-missing.ts';
import { gemspecUnknownField } from './gemspec-unknown-field.ts';
import { gemspecUnsafeClass } from './gemspec-unsafe-class.ts';
import { gemspecUnsafeName } from './gemspec-unsafe-name.ts';
import { gemspecVersionMismatch } from './gemspec-version-mismatch.ts';
import { gemExtension } from './gem-extension.ts';
import { gemPlugin } from './gem-plugin.ts';

export const gemspecRules: readonly GemspecRule[] = [
  gemspecDuplicateKey,
  gemspecFileNameMismatch,
  gemspecInvalid,
  gemspecNameMismatch,
  gemspecPathEscapes,
  gemspecTargetMissing,
  gemspecUnknownField,
  gemspecUnsafeClass,
  gemspecUnsafeName,
  gemspecVersionMismatch,
  gemPlugin,
  gemExtension,
];
