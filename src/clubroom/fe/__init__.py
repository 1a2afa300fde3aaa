"""What a browser gets before anybody says anything: the built client, and the pages in it."""
