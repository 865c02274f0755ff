import type { Level } from '../../finding/verdict.ts';

/** What goes into a log. Texts may hold what comes from outside: {@link sarifLog} escapes them. */
export interface SarifInput {
  /** Version of tarwarden. */
  readonly version: string;
  /** Rules that results name; those that no result names are left out. */
  readonly rules: readonly SarifRule[];
  readonly results: readonly SarifResult[];
  /** What has no verdict. With one of these the run is not a successful one. */
  readonly notInspected: readonly SarifNotice[];
  /** What a person should know besides: the run is a successful one all the same. */
  readonly remarks?: readonly SarifNotice[];
  /** Results that the caller counted and did not keep. */
  readonly omitted?: number;
}

export interface SarifRule {
  readonly id: string;
  /** In words. Left out where it would hold the id. */
  readonly name?: string;
  readonly shortDescription: string;
  readonly fullDescription: string;
  readonly help: { readonly text: string; readonly markdown: string };
  readonly helpUri?: string;
  readonly level: Level;
  readonly tags: readonly string[];
  /** 0.1 to 10, as CVSS counts: from 9 on critical, from 7 on high, from 4 on medium. */
  readonly securitySeverity: number;
  readonly precision: 'very-high' | 'high' | 'medium' | 'low';
}

export interface SarifResult {
  readonly ruleId: string;
  readonly level: Level;
  /** One line. */
  readonly message: string;
  readonly location: SarifLocation;
  /** What is meant inside of the file: `name@version/entry`. */
  readonly logicalName?: string;
  /**
   * What the result is about, in parts that do not change when lines move: package, entry. The rule and the file are added
   * here. Equal results of one log are numbered.
   */
  readonly fingerprintParts: readonly string[];
  /** The text for the exception that covers the finding. */
  readonly excepted?: string;
}

export interface SarifLocation {
  /** A URI reference as `sarifUri` makes it: relative to the root of the sources, or absolute. */
  readonly uri: string;
  /** From 1; the first unless given. */
  readonly line?: number;
}

export interface SarifNotice {
  /** One line. */
  readonly message: string;
  readonly uri?: string;
  readonly line?: number;
}
