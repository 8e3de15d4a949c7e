// Texts as vite gives them: tests read the tables of the docs, in Node and in workerd alike.
declare module "*.md?raw" {
  const text: string;
  export = text;
}
