// Style sheets are imported for their effect on the page; the build gathers them.
declare module "*.css";
