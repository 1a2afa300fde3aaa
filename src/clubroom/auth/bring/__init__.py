"""Bringing people into a club: invitations, members without a device, how members are reached."""
