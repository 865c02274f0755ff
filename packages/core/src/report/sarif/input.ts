import type { Level } from '../../finding/verdict.ts';

/** The content of a log. Texts may come from outside: {@link sarifLog} escapes them. */
export interface SarifInput {
  /** Version of tarwarden. */
  readonly version: string;
  /** Rules that results may name. The log leaves out rules without a result. */
  readonly rules: readonly SarifRule[];
  readonly results: readonly SarifResult[];
  /** Files without a verdict. With one of these, the run counts as failed. */
  readonly notInspected: readonly SarifNotice[];
  /** Further notices. They do not make the run fail. */
  readonly remarks?: readonly SarifNotice[];
  /** Results that the caller counted but did not keep. */
  readonly omitted?: number;
}

export interface SarifRule {
  readonly id: string;
  /** The name in words. Left out if it would be the same as the id. */
  readonly name?: string;
  readonly shortDescription: string;
  readonly fullDescription: string;
  readonly help: { readonly text: string; readonly markdown: string };
  readonly helpUri?: string;
  readonly level: Level;
  readonly tags: readonly string[];
  /** 0.1 to 10, as in CVSS: critical from 9, high from 7, medium from 4. */
  readonly securitySeverity: number;
  readonly precision: 'very-high' | 'high' | 'medium' | 'low';
}

export interface SarifResult {
  readonly ruleId: string;
  readonly level: Level;
  /** One line. */
  readonly message: string;
  readonly location: SarifLocation;
  /** The part of the file that the result is about: `name@version/entry`. */
  readonly logicalName?: string;
  /**
   * Texts that identify the result and do not change when lines move: package, entry. The log adds the rule and the file, and numbers
   * equal results.
   */
  readonly fingerprintParts: readonly string[];
  /** The text for the exception that covers the finding. */
  readonly excepted?: string;
}

export interface SarifLocation {
  /** A URI reference as `sarifUri` makes it: relative to the root of the sources, or absolute. */
  readonly uri: string;
  /** Line, from 1. By default the first. */
  readonly line?: number;
}

export interface SarifNotice {
  /** One line. */
  readonly message: string;
  readonly uri?: string;
  readonly line?: number;
}
