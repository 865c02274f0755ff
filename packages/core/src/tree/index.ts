/** The paths of entries in the package. */
export { foldedComponents, packagePath } from './package-path.ts';
