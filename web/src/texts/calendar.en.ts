/** One's events in the calendar of one's telephone, in English. */

export const calendar = {
  title: "Calendar in your phone",
  hint: "Your events in the calendar you use",
  lead: "Your calendar reads your events at an address, and asks for changes by itself, about once an hour.",
  all: "All my events",
  open: (name: string) => `Add to calendar: ${name}`,
  add: "Add to calendar",
  copy: (name: string) => `Copy the address: ${name}`,
  how: "If nothing opens, copy the address, and in your calendar choose to subscribe to a calendar by its address.",
  secret: "Whoever has an address reads these events and your answers. Give it to nobody.",
  anew: "New addresses",
  anewQuestion: "Make new addresses?",
  anewLead:
    "The addresses so far open nothing from then on. Calendars that read them stay as they are, and you add the new ones.",
  anewDone: "These are the new addresses.",
};
