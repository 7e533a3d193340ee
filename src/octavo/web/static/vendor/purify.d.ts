declare const DOMPurify: { sanitize(dirty: string, options: object): DocumentFragment };
export default DOMPurify;
