declare const temml: { render(tex: string, place: Element, options: object): void };
export default temml;
