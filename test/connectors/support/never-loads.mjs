// A package whose import never comes to an end.
for (;;);
