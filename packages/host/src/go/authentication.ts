/** One source of credentials. */
export type GoAuthMethod =
  | { readonly kind: 'netrc' }
  | { readonly kind: 'git'; readonly folder: string }
  | { readonly kind: 'command'; readonly words: readonly string[] };

/** A GOAUTH that go rejects too, as soon as it fetches by https. */
export class GoAuthError extends Error {
  readonly code = 'GOAUTH_INVALID';
}

/** The user's settings for credentials. */
export interface GoAuthentication {
  /**
   * The methods of GOAUTH, in its order.
   * @throws GoAuthError
   */
  methods(): readonly GoAuthMethod[];
  /** The entries of the user's netrc. The first one for a host counts. */
  netrc(): readonly {
    readonly machine: string;
    readonly login: string;
    readonly password: string;
  }[];
}
