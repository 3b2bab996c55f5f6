"""The VPN connection to the NAS: there always, or made for a batch and taken away after it."""
