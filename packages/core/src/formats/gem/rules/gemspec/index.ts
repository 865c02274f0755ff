// Written by `pnpm rules`, from the files beside it.
import type { GemspecRule } from '../../gemspec-rule.ts';
import { rule as gemspecDuplicateKey } from './gemspec-duplicate-key.ts';
import { rule as gemspecFileNameMismatch } from './gemspec-file-name-mismatch.ts';
import { rule as gemspecInvalid } from './gemspec-invalid.ts';
import { rule as gemspecNameMismatch } from './gemspec-name-mismatch.ts';
import { rule as gemspecPathEscapes } from './gemspec-path-escapes.ts';
import { rule as gemspecTargetMissing } from './gemspec-target-missing.ts';
import { rule as gemspecUnknownField } from './gemspec-unknown-field.ts';
import { rule as gemspecUnsafeClass } from './gemspec-unsafe-class.ts';
import { rule as gemspecUnsafeName } from './gemspec-unsafe-name.ts';
import { rule as gemspecVersionMismatch } from './gemspec-version-mismatch.ts';
import { rule as gemPlugin } from './gem-plugin.ts';

export const gemGemspecRules: readonly GemspecRule[] = [
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
];
