/** Runs `act` as if this were another platform, or as if its process had other properties. */
export function asProcess<Result>(
  properties: Partial<Record<'platform' | 'geteuid', unknown>>,
  act: () => Result,
): Result {
  const before = Object.keys(properties).map(
    (name) => [name, Object.getOwnPropertyDescriptor(process, name)] as const,
  );
  for (const [name, value] of Object.entries(properties))
    Object.defineProperty(process, name, { value, configurable: true });
  try {
    return act();
  } finally {
    for (const [name, descriptor] of before) {
      if (descriptor !== undefined) Object.defineProperty(process, name, descriptor);
      else Reflect.deleteProperty(process, name);
    }
  }
}
