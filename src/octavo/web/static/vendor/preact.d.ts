// As much of the library as the workbench uses; the package's own types need a resolver of packages.
export type Child = unknown;
export function h(type: unknown, props: unknown, ...children: Child[]): Child;
export function render(what: Child, place: Element): void;
export function createContext<T>(value: T): { Provider: unknown };
export const Fragment: unknown;
