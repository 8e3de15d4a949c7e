/** Where a person who signs in goes who came from nowhere in particular. */
export const LANDING = "/studio";
