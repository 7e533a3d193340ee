declare const MarkdownIt: any;
export default MarkdownIt;
