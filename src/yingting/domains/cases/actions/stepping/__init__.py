"""What the steps on cases share: the turn, the clocks, the owners, the steps of the process; and due moments made anew."""
